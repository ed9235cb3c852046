package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Collation;

/** What a check says of the database before it is captured. */
final class LiveCheckTest {

  private static final int PAGE = 4096;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("app.db");
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file());
  }

  private void make(String mode) throws SQLException {
    try (Connection connection = connect()) {
      run(
          connection,
          "PRAGMA page_size=" + PAGE,
          "PRAGMA journal_mode=" + mode,
          "CREATE TABLE t (a TEXT)",
          "INSERT INTO t VALUES ('x')");
    }
  }

  /**
   * Pages that the file has and no table, index or free list: what a torn copy often looks like.
   */
  private void losePages(int count) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
      long pages = raw.length() / PAGE;
      raw.setLength((pages + count) * PAGE);
      raw.seek(28);
      raw.write(ByteBuffer.allocate(4).putInt((int) pages + count).array());
    }
  }

  private List<String> rehearsed() throws IOException {
    return new SqliteDatabaseProvider().rehearse(new SqliteConfig(file(), null));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(one -> String.valueOf(one.getFileName())).sorted().toList();
    }
  }

  @Test
  void lostPagesAreToldOfAndNothingIsLeftBehind() throws Exception {
    make("WAL");
    assertThat(rehearsed()).isEmpty();
    losePages(2);
    byte[] before = Files.readAllBytes(file());
    assertThat(rehearsed())
        .singleElement()
        .asString()
        .contains("quick check complains", "never used", "VACUUM");
    assertThat(files()).containsExactly("app.db");
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
  }

  @Test
  void aDatabaseInUseIsReadBesideItsWriter() throws Exception {
    make("WAL");
    losePages(1);
    try (Connection writer = connect()) {
      run(writer, "BEGIN IMMEDIATE", "INSERT INTO t VALUES ('y')");
      assertThat(rehearsed()).singleElement().asString().contains("never used");
      run(writer, "COMMIT", "INSERT INTO t VALUES ('z')");
      assertThat(Connections.queryString(writer, "SELECT count(*) FROM t")).isEqualTo("3");
    }
  }

  @Test
  void whatIsInTheLogCounts() throws Exception {
    make("WAL");
    losePages(1);
    try (Connection writer = connect()) {
      run(writer, "PRAGMA wal_autocheckpoint=0", "VACUUM");
      assertThat(rehearsed()).as("mended, but in the log only").isEmpty();
    }
  }

  @Test
  void inRollbackModeItIsLookedOverToo() throws Exception {
    make("DELETE");
    losePages(1);
    assertThat(rehearsed()).hasSize(2).anyMatch(text -> text.contains("never used"));
    assertThat(files()).containsExactly("app.db");
  }

  @Test
  void aCheckThatLacksWhatTheApplicationHasSaysSo() throws Exception {
    try (Connection connection = connect()) {
      Collation.create(
          connection,
          "german",
          new Collation() {
            @Override
            protected int xCompare(String one, String other) {
              return one.compareTo(other);
            }
          });
      run(
          connection,
          "PRAGMA journal_mode=WAL",
          "CREATE TABLE t (a TEXT COLLATE german)",
          "CREATE INDEX i ON t (a)",
          "INSERT INTO t VALUES ('x'), ('y')");
    }
    assertThat(rehearsed())
        .singleElement()
        .asString()
        .contains("cannot be run here", "german", "captured all the same");
  }

  @Test
  void itEndsWhenItsTimeIsUp() throws Exception {
    make("WAL");
    try (Connection connection = connect()) {
      run(
          connection,
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
              + " INSERT INTO t SELECT hex(randomblob(100)) FROM n");
    }
    losePages(1);
    assertThat(new LiveCheck(file()).warning()).contains("never used");
    assertThat(new LiveCheck(file(), Duration.ZERO, Duration.ZERO).warning()).isNull();
  }

  @Test
  void aTransactionThatAKillLeftIsNotTakenForAMissingFunction() throws Exception {
    make("DELETE");
    Path copy = folder.resolve("copy.db");
    try (Connection connection = connect()) {
      run(
          connection,
          "PRAGMA cache_size=1",
          "PRAGMA cache_spill=1",
          "BEGIN",
          "UPDATE t SET a = 'changed'",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
              + " INSERT INTO t SELECT hex(randomblob(100)) FROM n");
      Files.copy(file(), copy);
      Files.copy(folder.resolve("app.db-journal"), folder.resolve("copy.db-journal"));
    }
    assertThat(new LiveCheck(copy).warning()).isNull();
    assertThat(files()).contains("copy.db", "copy.db-journal");
  }
}
