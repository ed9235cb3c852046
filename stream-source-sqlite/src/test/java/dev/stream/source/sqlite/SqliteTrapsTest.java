package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.TestRun;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each trap of the write-ahead log that the design names. */
@Timeout(120)
final class SqliteTrapsTest {

  @TempDir private Path folder;
  private final ReplayedDatabase replay = ReplayedDatabase.inMemory();
  private SqliteHarness harness;

  @BeforeEach
  void create() throws Exception {
    harness = new SqliteHarness(folder.resolve("app.db"), 4096, "NONE");
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait until %s", what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private String lastMessage() {
    List<String> messages = replay.messages();
    return messages.isEmpty() ? "" : messages.get(messages.size() - 1);
  }

  private PagedDatabase start() throws IOException {
    PagedDatabase database = harness.open();
    database.start(null, replay);
    return database;
  }

  private PagedDatabase resume() throws IOException {
    PagedDatabase database = harness.open();
    database.start(replay.resumePosition(), replay);
    return database;
  }

  private void assertExact(PagedDatabase database) throws IOException {
    database.sync();
    assertThat(replay.bytes()).isEqualTo(harness.image());
  }

  @Test
  void leavesNothingInTheDatabase() throws Exception {
    byte[] before = harness.image();
    try (PagedDatabase database = start()) {
      database.sync();
      database.snapshot().close();
    }
    assertThat(harness.image()).isEqualTo(before);
    harness.close();
    assertThat(folder.toFile().list()).containsExactly("app.db");
  }

  @Test
  void aSecondProcessCheckpointsVacuumsAndTruncatesAllTheTime() throws Exception {
    Random random = TestRun.random("checkpoints");
    try (PagedDatabase database = start()) {
      for (int i = 0; i < TestRun.rounds(40, 1_000); i++) {
        harness.commit(random);
        String mode = List.of("PASSIVE", "FULL", "RESTART", "TRUNCATE").get(random.nextInt(4));
        sqlite3("PRAGMA busy_timeout=50; PRAGMA wal_checkpoint(" + mode + ");");
        if (random.nextInt(5) == 0) {
          sqlite3("PRAGMA busy_timeout=5000; VACUUM; INSERT INTO t(v) VALUES(7);");
        }
        if (random.nextInt(3) == 0) {
          assertExact(database);
        }
      }
      assertExact(database);
    }
    // A log that is emptied right after a commit may take that with it: then it has to be said.
    assertThat(replay.bases()).noneMatch(Continuity::proven);
  }

  private void sqlite3(String sql) throws IOException {
    SqliteHarness.run("sqlite3", harness.path.toString(), sql);
  }

  @Test
  void locksOfTheApplicationInThisProcessSurvive() throws Exception {
    try (PagedDatabase database = start()) {
      harness.sql("BEGIN IMMEDIATE");
      harness.sql("INSERT INTO t(v) VALUES('locked')");
      database.snapshot().close();
      try (PagedDatabase second = harness.open()) {
        assertThat(second.info().type()).isEqualTo("sqlite");
      }
      // Another process must still find the database locked.
      assertThatThrownBy(() -> sqlite3("INSERT INTO t(v) VALUES('intruder');"))
          .hasMessageContaining("locked");
      harness.sql("COMMIT");
      assertExact(database);
    }
  }

  @Test
  void aLockTakenInExclusiveModeSurvivesOpeningAndClosing() throws Exception {
    // In rollback mode the locks are on the database file itself.
    Path other = folder.resolve("rollback.db");
    Files.createFile(other);
    try (Connection c = Connections.open(other);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t(v)");
      s.execute("BEGIN EXCLUSIVE");
      s.execute("INSERT INTO t VALUES(1)");
      PagedDatabase database = new SqliteDatabaseProvider().open(new SqliteConfig(other));
      database.close();
      assertThatThrownBy(
              () -> SqliteHarness.run("sqlite3", other.toString(), "INSERT INTO t VALUES(2);"))
          .hasMessageContaining("locked");
      s.execute("COMMIT");
    }
  }

  @Test
  void anUncommittedTransactionThatSpillsIsNotCaptured() throws Exception {
    try (PagedDatabase database = start()) {
      byte[] before = harness.image();
      harness.sql("PRAGMA cache_size=5");
      harness.sql("BEGIN");
      for (int i = 0; i < 50; i++) {
        harness.sql("INSERT INTO t(v) VALUES(randomblob(9000))");
      }
      long size = Files.size(Path.of(harness.path + "-wal"));
      assertThat(size).as("log with spilled frames").isGreaterThan(200_000);
      database.sync();
      assertThat(replay.bytes()).isEqualTo(before);
      harness.sql("UPDATE t SET v = randomblob(8000)");
      database.sync();
      assertThat(replay.bytes()).isEqualTo(before);
      harness.sql("ROLLBACK");
      harness.sql("INSERT INTO t(v) VALUES('after')");
      assertExact(database);
    }
  }

  @Test
  void aCommitThatWasWrittenButNeverPublishedDidNotHappen() throws Exception {
    try (PagedDatabase database = start()) {
      assertExact(database);
      Path log = Path.of(harness.path + "-wal");
      byte[] before;
      synchronized (replay) {
        // The follower must find a published commit and the phantom behind it in one look.
        harness.sql("INSERT INTO t(v) VALUES('held up')");
        await("the follower hands this over", SqliteTrapsTest::followerIsBlocked);
        harness.sql("INSERT INTO t(v) VALUES('published')");
        before = harness.image();
        appendPhantom(log);
      }
      database.sync();
      assertThat(replay.bytes()).as("after the phantom").isEqualTo(before);
      harness.sql("INSERT INTO t(v) VALUES(randomblob(30000))");
      database.sync();
      assertThat(new String(replay.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("phantom");
      assertExact(database);
      assertThat(replay.bases()).hasSize(1);
    }
  }

  private static boolean followerIsBlocked() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            t -> t.getName().startsWith("stream-sqlite-") && t.getState() == Thread.State.BLOCKED);
  }

  /**
   * Leaves what a writer leaves that is killed between its last write and publishing: whole frames
   * in the log that the index knows nothing of. Made by committing in a copy of the two files.
   */
  private void appendPhantom(Path log) throws IOException, SQLException {
    Path twin = folder.resolve("twin.db");
    SqliteHarness.run("cp", harness.path.toString(), twin.toString());
    SqliteHarness.run("cp", log.toString(), twin + "-wal");
    int published = (int) endOfLog(log);
    byte[] phantom;
    // A reader keeps the twin's log from being restarted by the phantom's commit.
    try (Connection reader = Connections.open(twin);
        Statement r = reader.createStatement();
        Connection c = Connections.open(twin);
        Statement s = c.createStatement()) {
      r.execute("BEGIN");
      r.executeQuery("SELECT count(*) FROM t").close();
      s.execute("INSERT INTO t(v) VALUES('phantom')");
      phantom = Files.readAllBytes(Path.of(twin + "-wal"));
    }
    assertThat(phantom.length).isGreaterThan(published);
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(phantom, published, phantom.length - published), published);
    }
  }

  @Test
  void anotherFileInPlaceOfTheDatabaseIsANewBase() throws Exception {
    try (PagedDatabase database = start()) {
      SqliteHarness other = new SqliteHarness(folder.resolve("other.db"), 8192, "NONE");
      other.sql("INSERT INTO t(v) VALUES('other')");
      other.close();
      harness.close();
      Files.move(other.path, harness.path, StandardCopyOption.REPLACE_EXISTING);
      await("the replacement is seen", () -> replay.bases().size() == 2);
      assertThat(replay.bases().get(1).reason()).contains("replaced");
      try (Connection c = Connections.open(harness.path);
          Statement s = c.createStatement()) {
        s.execute("INSERT INTO t(v) VALUES('more')");
        assertExact(database);
      }
    }
  }

  @Test
  void aDeletedDatabaseIsTroubleUntilThereIsOneAgain() throws Exception {
    try (PagedDatabase database = start()) {
      harness.close();
      byte[] bytes = replay.bytes();
      Files.delete(harness.path);
      await("trouble is told", () -> lastMessage().startsWith("trouble"));
      assertThat(lastMessage()).contains("is gone").contains(harness.path.toString());
      Files.deleteIfExists(Path.of(harness.path + "-wal"));
      Files.deleteIfExists(Path.of(harness.path + "-shm"));
      Path ready = folder.resolve("ready.db");
      Files.write(ready, bytes);
      Files.move(ready, harness.path);
      await(
          "capture goes on", () -> replay.bases().size() == 2 && lastMessage().equals("recovered"));
      assertExact(database);
    }
  }

  @Test
  void aLogThatWasRestartedWhileStreamWasDownIsALostPosition() throws Exception {
    PagedDatabase database = start();
    // A long log, of which the restarted one overwrites nothing that Stream had read.
    for (int i = 0; i < 300; i++) {
      harness.sql("INSERT INTO t(v) VALUES(randomblob(3000))");
    }
    database.sync();
    ((SqliteDatabase) database).abandon();
    harness.sql("INSERT INTO t(v) VALUES('in the tail')");
    harness.sql("PRAGMA wal_checkpoint(PASSIVE)");
    harness.sql("INSERT INTO t(v) VALUES('in the new log')");
    try (PagedDatabase resumed = resume()) {
      assertThat(replay.bases().get(1).proven()).as("%s", replay.bases()).isFalse();
      assertThat(replay.bases().get(1).reason()).contains("nobody counted");
      assertExact(resumed);
    }
  }

  @Test
  void aLogRestartedTwiceIsALostPosition() throws Exception {
    PagedDatabase database = start();
    for (int i = 0; i < 300; i++) {
      harness.sql("INSERT INTO t(v) VALUES(randomblob(3000))");
    }
    database.sync();
    ((SqliteDatabase) database).abandon();
    for (int i = 0; i < 3; i++) {
      harness.sql("INSERT INTO t(v) VALUES('unseen')");
      harness.sql("PRAGMA wal_checkpoint(PASSIVE)");
    }
    try (PagedDatabase resumed = resume()) {
      assertThat(replay.bases().get(1).proven()).isFalse();
      assertThat(replay.bases().get(1).reason()).contains("restarted");
      assertExact(resumed);
    }
  }

  @Test
  void aPhantomAtTheEndOfARestartedLogIsNotTaken() throws Exception {
    PagedDatabase database = start();
    for (int i = 0; i < 300; i++) {
      harness.sql("INSERT INTO t(v) VALUES(randomblob(3000))");
    }
    database.sync();
    ((SqliteDatabase) database).abandon();
    harness.sql("PRAGMA wal_checkpoint(PASSIVE)");
    Path log = Path.of(harness.path + "-wal");
    appendPhantom(log);
    harness.sql("DELETE FROM t WHERE id = 5");
    try (PagedDatabase resumed = resume()) {
      assertThat(replay.bases().get(1).proven()).as("%s", replay.bases()).isFalse();
      assertExact(resumed);
    }
  }

  private static long endOfLog(Path log) throws IOException {
    try (WalFile wal = WalFile.open(log)) {
      WalHeader header = wal.header();
      CommitRun run =
          new LogScan().read(wal, LogPosition.startOf(header, 0), Long.MAX_VALUE, 1L << 40);
      return header.frameOffset(run.end().frames() + 1);
    }
  }

  @Test
  void aRollbackJournalInBetweenIsALostPosition() throws Exception {
    PagedDatabase database = start();
    database.close();
    harness.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    harness.sql("PRAGMA journal_mode=DELETE");
    harness.sql("INSERT INTO t(v) VALUES('unseen')");
    try (PagedDatabase resumed = resume()) {
      assertThat(replay.bases().get(1).proven()).isFalse();
      assertThat(replay.messages()).anySatisfy(n -> assertThat(n).contains("now in WAL mode"));
      assertExact(resumed);
    }
  }

  @Test
  void aPageSizeChangedInBetweenIsALostPosition() throws Exception {
    PagedDatabase database = start();
    database.close();
    harness.sql("PRAGMA journal_mode=DELETE");
    harness.sql("PRAGMA page_size=1024");
    harness.sql("VACUUM");
    harness.sql("PRAGMA journal_mode=WAL");
    harness.sql("INSERT INTO t(v) VALUES('unseen')");
    try (PagedDatabase resumed = resume()) {
      assertThat(replay.bases().get(1).proven()).isFalse();
      assertThat(replay.pageSize()).isEqualTo(1024);
      assertExact(resumed);
    }
  }

  @Test
  void anImageStaysAsItWasHoweverLongItIsHeld() throws Exception {
    Random random = TestRun.random("image");
    try (PagedDatabase database = start()) {
      List<DatabaseImage> images = new ArrayList<>();
      List<byte[]> bytes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 10; j++) {
          harness.commit(random);
        }
        harness.sql("PRAGMA wal_checkpoint(PASSIVE)");
        bytes.add(harness.image());
        images.add(database.snapshot());
      }
      for (int j = 0; j < 200; j++) {
        harness.commit(random);
      }
      for (int i = 0; i < images.size(); i++) {
        assertThat(SqliteHarness.read(images.get(i))).isEqualTo(bytes.get(i));
        images.get(i).close();
      }
      assertExact(database);
    }
  }

  @Test
  void anImageOfAWrittenBackLogOutlivesTheLogsRestart() throws Exception {
    Path log = Path.of(harness.path + "-wal");
    try (PagedDatabase database = start()) {
      for (int i = 0; i < 100; i++) {
        harness.sql("INSERT INTO t(v) VALUES(randomblob(3000))");
      }
      await("the log can be written back", () -> writtenBack() > 100);
      byte[] bytes = harness.image();
      WalHeader before = header(log);
      try (DatabaseImage image = database.snapshot()) {
        for (int i = 0; i < 200; i++) {
          harness.sql("UPDATE t SET v = randomblob(2000) WHERE id = " + i);
        }
        assertThat(header(log).sameLog(before)).as("log was not restarted").isFalse();
        assertThat(SqliteHarness.read(image)).isEqualTo(bytes);
      }
      assertExact(database);
    }
  }

  private static WalHeader header(Path log) throws IOException {
    try (WalFile wal = WalFile.open(log)) {
      return wal.header();
    }
  }

  /**
   * Frames of the log, once all of them are written back; until then 0. Stream does not do that
   * where it has found before that others keep the database open.
   */
  private long writtenBack() {
    try (var statement = harness.writer.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)")) {
      Connections.CheckpointState state = Connections.CheckpointState.query(statement);
      return state.complete() ? state.logFrames() : 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anIdleDatabaseIsWholeInItsFileAndItsLogCanBeTruncated() throws Exception {
    Path log = Path.of(harness.path + "-wal");
    try (PagedDatabase database = start()) {
      harness.sql("INSERT INTO t(v) VALUES('small')");
      await(
          "others can truncate the log",
          () -> {
            try {
              sqlite3("PRAGMA wal_checkpoint(TRUNCATE);");
              return Files.size(log) == 0;
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      harness.sql("INSERT INTO t(v) VALUES('after')");
      assertExact(database);
      assertThat(replay.bases()).hasSize(1);
    }
  }

  @Test
  void theLogStaysShortWhileAWriterNeverPauses() throws Exception {
    harness.sql("PRAGMA synchronous=NORMAL");
    long longest = 0;
    Path log = Path.of(harness.path + "-wal");
    try (PagedDatabase database = start()) {
      for (int i = 0; i < 20_000; i++) {
        harness.sql("INSERT INTO t(v) VALUES('" + i + "')");
        if (i % 100 == 0) {
          longest = Math.max(longest, Files.size(log));
        }
      }
      assertExact(database);
    }
    System.out.println("longest log: " + (longest >> 10) + " KiB, bases " + replay.bases());
    assertThat(longest).isLessThan(128L << 20);
  }

  /** The application's checkpoints may be so far apart that they do not keep the log short. */
  @Test
  void theLogStaysShortBetweenTheApplicationsOwnCheckpoints() throws Exception {
    harness.sql("PRAGMA synchronous=OFF");
    Path log = Path.of(harness.path + "-wal");
    Set<Integer> logs = new HashSet<>();
    try (PagedDatabase database = start()) {
      for (int i = 0; i < 3; i++) {
        Process checkpointer = SqliteHarness.startTruncating(harness.path.toRealPath());
        while (checkpointer.isAlive()) {
          harness.sql("INSERT INTO t(v) VALUES('before')");
        }
      }
      long written = 0; // of the log that was just begun; its file keeps its length
      long shortest = Long.MAX_VALUE;
      logs.add(salt(log));
      while (shortest > 64L << 20) {
        // On a crowded machine some are as long as Stream ever lets them become.
        assertThat(logs).as("logs until a short one").hasSizeLessThan(5);
        harness.sql("INSERT INTO t(v) VALUES('after')");
        if (logs.add(salt(log))) {
          shortest = Math.min(shortest, written);
          written = 0;
        }
        written += 2 * 4096; // the table's last page, and the index's
      }
      assertExact(database);
    }
  }

  @Test
  void theLogStaysShortWhenNoWriterCheckpoints() throws Exception {
    harness.sql("PRAGMA wal_autocheckpoint=0");
    harness.sql("PRAGMA synchronous=OFF");
    Path log = Path.of(harness.path + "-wal");
    Set<Integer> logs = new HashSet<>();
    long begun = System.nanoTime();
    try (PagedDatabase database = start()) {
      // Without Stream's own checkpoints the one log would only grow; how soon they come is up to
      // the machine.
      for (int i = 0; logs.size() < 4; i++) {
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .as("time for " + logs.size() + " logs")
            .isLessThan(Duration.ofSeconds(60));
        harness.sql("INSERT INTO t(v) VALUES(randomblob(25000))");
        logs.add(salt(log));
        if (i % 200 == 0) {
          harness.sql("DELETE FROM t");
        }
      }
      assertExact(database);
    }
  }

  /** What tells a log from the one before it in the same file. */
  private static int salt(Path log) throws IOException {
    try (FileChannel channel = FileChannel.open(log)) {
      ByteBuffer header = ByteBuffer.allocate(32);
      assertThat(channel.read(header, 0)).isEqualTo(32);
      return header.getInt(16);
    }
  }

  @Test
  void whatIsNoDatabaseIsRefusedPlainly() throws Exception {
    Path text =
        Files.writeString(folder.resolve("text.db"), "hello, this is no database".repeat(9));
    assertThatThrownBy(() -> new SqliteDatabaseProvider().open(new SqliteConfig(text)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a SQLite database")
        .hasMessageContaining("encrypted");
    Path missing = folder.resolve("missing.db");
    assertThatThrownBy(() -> new SqliteDatabaseProvider().open(new SqliteConfig(missing)))
        .hasMessageContaining("no database at");
    assertThat(missing).doesNotExist();
    assertThatThrownBy(() -> new SqliteDatabaseProvider().open(new SqliteConfig(folder)))
        .hasMessageContaining("not a file");
  }

  @Test
  void aDamagedFileFailsTheCheckAndALeftoverIsNeverMade() throws Exception {
    harness.close();
    SqliteDatabaseProvider provider = new SqliteDatabaseProvider();
    provider.check(harness.path, false);
    provider.check(harness.path, true);
    assertThat(folder.toFile().list()).containsExactly("app.db");
    byte[] bytes = Files.readAllBytes(harness.path);
    java.util.Arrays.fill(bytes, 4096, 4096 + 64, (byte) 0x5a);
    Path damaged = Files.write(folder.resolve("damaged.db"), bytes);
    assertThatThrownBy(() -> provider.check(damaged, false)).hasMessageContaining("damaged");
  }

  @Test
  void oldLibrariesAreWarnedOf() throws SQLException {
    assertThat(SqliteDatabaseProvider.versionWarning("3.51.2")).contains("3.51.3");
    assertThat(SqliteDatabaseProvider.versionWarning("3.40.1")).isNotNull();
    assertThat(SqliteDatabaseProvider.versionWarning("3.51.3")).isNull();
    assertThat(SqliteDatabaseProvider.versionWarning("3.54.1")).isNull();
    assertThat(SqliteDatabaseProvider.versionWarning("4.0")).isNull();
  }
}
