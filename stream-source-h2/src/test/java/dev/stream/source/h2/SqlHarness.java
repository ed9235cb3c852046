package dev.stream.source.h2;

import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.DatabaseHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** An H2 database that is open under {@code stream:}, and writes each commit at once. */
final class SqlHarness implements DatabaseHarness {

  private final Path folder;
  private Connection connection;

  SqlHarness(Path folder) throws SQLException {
    this.folder = folder;
    H2Stream.install();
    connection = connect("stream:");
    execute(
        "CREATE TABLE t(id INT PRIMARY KEY, v VARBINARY(100000), b BLOB);"
            + "CREATE INDEX i ON t(v); INSERT INTO t VALUES(1, X'00', NULL)");
  }

  private Connection connect(String scheme) throws SQLException {
    return DriverManager.getConnection("jdbc:h2:" + scheme + folder + "/db;WRITE_DELAY=0");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  private Path file() {
    return folder.resolve("db.mv.db");
  }

  @Override
  public PagedDatabase open() throws IOException {
    return new H2DatabaseProvider().open(new H2Config(file()));
  }

  @Override
  public synchronized void commit(Random random) throws SQLException {
    switch (random.nextInt(10)) {
      case 0 -> execute("DELETE FROM t WHERE MOD(id, 3) = " + random.nextInt(3));
      case 1 -> execute("CHECKPOINT SYNC");
      case 2 -> execute("ALTER TABLE t ADD COLUMN IF NOT EXISTS c" + random.nextInt(3) + " INT");
      default -> {
        connection.setAutoCommit(false);
        try (PreparedStatement merge =
            connection.prepareStatement("MERGE INTO t(id, v, b) KEY(id) VALUES(?, ?, ?)")) {
          for (int i = random.nextInt(20); i >= 0; i--) {
            merge.setInt(1, random.nextInt(300));
            merge.setBytes(2, bytes(random, 1_000));
            merge.setBytes(3, bytes(random, 20_000));
            merge.executeUpdate();
          }
        }
        connection.commit();
        connection.setAutoCommit(true);
      }
    }
  }

  private static byte[] bytes(Random random, int bound) {
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public synchronized byte[] image() throws IOException {
    return Files.readAllBytes(file());
  }

  @Override
  public boolean crash(PagedDatabase database) {
    ((H2Database) database).stop();
    return true;
  }

  @Override
  public synchronized boolean breakContinuity() throws SQLException {
    connection.close();
    connection = connect("");
    execute("INSERT INTO t(id) VALUES(1000)");
    connection.close();
    connection = connect("stream:");
    return true;
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
