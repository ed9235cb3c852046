package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.ImageGivenUpException;
import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people do to a database whose application has stopped, with Stream beside it. */
@Timeout(120)
final class LetGoTest {

  private static final long IDLE = TimeUnit.HOURS.toNanos(1);

  @TempDir private Path folder;
  private final ReplayedDatabase replay = ReplayedDatabase.inMemory();
  private Path path;
  private Path log;
  private Path index;

  @BeforeEach
  void create() throws Exception {
    path = folder.resolve("app.db");
    log = folder.resolve("app.db-wal");
    index = folder.resolve("app.db-shm");
    sqlite3(path, "PRAGMA journal_mode=WAL; CREATE TABLE t(v); INSERT INTO t VALUES('first');");
  }

  private static String sqlite3(Path database, String sql) throws IOException {
    Process process =
        new ProcessBuilder("sqlite3", "-batch", database.toString(), sql)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor()).as("%s: %s", sql, output).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return output.strip();
  }

  private PagedDatabase start(Path at) throws IOException {
    PagedDatabase database = new SqliteDatabaseProvider().open(new SqliteConfig(at));
    database.start(null, replay);
    return database;
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait until %s", what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private void awaitLetGo() {
    awaitLetGo(path);
  }

  private static void awaitLetGo(Path at) {
    await(
        "nothing is beside the database",
        () -> Files.notExists(Path.of(at + "-wal")) && Files.notExists(Path.of(at + "-shm")));
  }

  private void assertFollowed(PagedDatabase database, Path at) throws IOException {
    database.sync();
    awaitLetGo(at);
    assertThat(Arrays.mismatch(replay.bytes(), Files.readAllBytes(at)))
        .as("first byte that differs")
        .isNegative();
  }

  @Test
  void theLogIsRemovedBehindTheLastConnectionAlthoughStreamRunsOn() throws Exception {
    try (PagedDatabase database = start(path)) {
      for (int i = 0; i < 5; i++) {
        sqlite3(path, "INSERT INTO t VALUES(randomblob(9000));");
        assertFollowed(database, path);
      }
      assertThat(replay.messages()).isEmpty();
    }
  }

  /** Polls as long as looks have to come soon. */
  private static void awaitRest(LogCapture capture) {
    await(
        "it is looked at rarely",
        () -> poll(capture, IDLE) && capture.waitNanos() > TimeUnit.MILLISECONDS.toNanos(500));
  }

  /** A connection that stays open, of a process that does what it is told. */
  private Process shell() throws IOException {
    return new ProcessBuilder("sqlite3", "-batch", path.toString()).start();
  }

  private static void tell(Process shell, String sql) throws IOException {
    var input = shell.outputWriter();
    input.write(sql + "\nSELECT 'done' FROM (SELECT count(*) FROM t);\n");
    input.flush();
    String line = shell.inputReader().readLine();
    while (!"done".equals(line)) {
      assertThat(line).as("what it says until it is done").isNotNull();
      line = shell.inputReader().readLine();
    }
  }

  private void assertCaptured(LogCapture capture, int bases) throws IOException {
    String newest = sqlite3(path, "SELECT group_concat(v) FROM t;");
    await("nothing is left to be captured", () -> poll(capture, 0) && !capture.isBehind());
    Path copy = Files.write(folder.resolve("captured.db"), replay.bytes());
    assertThat(sqlite3(copy, "SELECT group_concat(v) FROM t;")).isEqualTo(newest);
    assertThat(replay.bases()).hasSize(bases);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatRestsIsLookedAtRarelyWhetherSomebodyHasItOpenOrNot() throws Exception {
    try (LogCapture capture = new LogCapture(path, replay, () -> {})) {
      capture.start(null);
      awaitRest(capture);
      assertThat(log).doesNotExist();

      Process reader = shell();
      try {
        tell(reader, "");
        sqlite3(path, "INSERT INTO t VALUES('second');");
        await("it is captured", () -> poll(capture, IDLE) && replay.txId() > 1);
        awaitRest(capture);
        assertThat(log).exists();
      } finally {
        reader.outputWriter().close();
      }
      assertThat(reader.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @EnabledOnOs(OS.LINUX)
  void theFirstCommitsAfterARestAreFollowedAndNotCompared(boolean open) throws Exception {
    try (LogCapture capture = new LogCapture(path, replay, () -> {})) {
      capture.start(null);
      Process application = shell();
      try {
        if (open) {
          tell(application, "");
        }
        awaitRest(capture);
        tell(application, "INSERT INTO t VALUES('a'); INSERT INTO t VALUES('b');");
        await("both are captured", () -> poll(capture, 0) && replay.txId() >= 3);
        assertCaptured(capture, 1);
      } finally {
        application.outputWriter().close();
      }
      assertThat(application.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRUNCATE", "RESTART"})
  @EnabledOnOs(OS.LINUX)
  void whatWasWrittenBackAfterARestIsCompared(String mode) throws Exception {
    try (LogCapture capture = new LogCapture(path, replay, () -> {})) {
      capture.start(null);
      Process application = shell();
      try {
        tell(application, "");
        awaitRest(capture);
        tell(application, "INSERT INTO t VALUES('written back');");
        tell(application, "PRAGMA wal_checkpoint(" + mode + "); CREATE TABLE u(v);");
        long looked = System.nanoTime();
        await(
            "commits can no longer be counted",
            () -> System.nanoTime() - looked > TimeUnit.MILLISECONDS.toNanos(300));
        await("it is captured", () -> poll(capture, 0) && replay.txId() > 1);
        assertCaptured(capture, 2);
      } finally {
        application.outputWriter().close();
      }
      assertThat(application.waitFor()).isZero();
    }
  }

  private static boolean poll(LogCapture capture, long quietNanos) {
    try {
      boolean unused = capture.poll(quietNanos, true);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLogThatIsRemovedInAStartScriptTakesNothingWithIt() throws Exception {
    try (PagedDatabase database = start(path)) {
      for (int i = 0; i < 5; i++) {
        sqlite3(path, "INSERT INTO t VALUES(randomblob(9000));");
        awaitLetGo();
        Files.deleteIfExists(log);
        Files.deleteIfExists(index);
        assertThat(sqlite3(path, "SELECT count(*) FROM t;")).isEqualTo(String.valueOf(i + 2));
      }
      assertFollowed(database, path);
    }
    assertThat(sqlite3(path, "SELECT count(*) FROM t; PRAGMA integrity_check;")).isEqualTo("6\nok");
  }

  @Test
  void aLogThatIsReplacedInUseIsNotRemovedWhenStreamCloses() throws Exception {
    try (PagedDatabase database = start(path)) {
      DatabaseImage held = database.snapshot(); // keeps the database open
      Files.delete(log);
      Files.delete(index);
      sqlite3(path, "PRAGMA wal_autocheckpoint=0; INSERT INTO t VALUES('in the new log');");
      held.close();
      await("capture has begun anew", () -> replay.bases().size() == 2);
      database.sync();
    }
    assertThat(sqlite3(path, "SELECT group_concat(v) FROM t; PRAGMA integrity_check;"))
        .isEqualTo("first,in the new log\nok");
  }

  @Test
  void aFileThatIsMovedOverTheDatabaseNeverMeetsTheOldLog() throws Exception {
    Path other = folder.resolve("other.db");
    sqlite3(
        other, "PRAGMA journal_mode=WAL; CREATE TABLE u(v); INSERT INTO u VALUES(zeroblob(9));");
    String expected = sqlite3(other, ".dump");
    try (PagedDatabase database = start(path)) {
      DatabaseImage held = database.snapshot(); // Stream has it open, with frames in the log
      sqlite3(path, "PRAGMA wal_autocheckpoint=0; INSERT INTO t VALUES(randomblob(90000));");
      Files.move(other, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      held.close();
      await("the log is emptied", () -> size(log) <= 0);
      assertThat(sqlite3(path, ".dump")).isEqualTo(expected);
      await("capture has begun anew", () -> replay.bases().size() == 2);
      assertThat(replay.bases().get(1).reason()).contains("replaced");
      assertFollowed(database, path);
    }
    assertThat(sqlite3(path, ".dump")).isEqualTo(expected);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void whatIsCopiedOverAnIdleDatabaseIsNoticed() throws Exception {
    Path other = folder.resolve("other.db");
    sqlite3(path, ".backup '" + other + "'");
    sqlite3(other, "DELETE FROM t; INSERT INTO t VALUES('edited'); VACUUM;");
    try (PagedDatabase database = start(path)) {
      awaitLetGo();
      Files.write(path, Files.readAllBytes(other)); // the same inode
      await("capture has begun anew", () -> replay.bases().size() == 2);
      assertFollowed(database, path);
      assertThat(sqlite3(path, "SELECT v FROM t; PRAGMA integrity_check;")).isEqualTo("edited\nok");
    }
  }

  @Test
  void anImageOfAnIdleDatabaseIsNoReasonToCompareAllOfIt() throws Exception {
    try (PagedDatabase database = start(path)) {
      for (int i = 0; i < 4; i++) {
        awaitLetGo();
        replay.assertMatches(database.snapshot());
      }
      assertThat(replay.bases()).hasSize(1);
      sqlite3(path, "INSERT INTO t VALUES(randomblob(9000));");
      try (DatabaseImage image = database.snapshot()) {
        sqlite3(path, "INSERT INTO t VALUES('while it is held');");
        database.sync();
        assertThat(image.highWaterMark()).isPositive();
      }
      assertFollowed(database, path);
    }
  }

  @Test
  void whatIsCopiedOverAnIdleDatabaseIsInAnImageOfThatMoment() throws Exception {
    Path other = folder.resolve("other.db");
    sqlite3(path, ".backup '" + other + "'");
    sqlite3(other, "DELETE FROM t; INSERT INTO t VALUES('edited'); VACUUM;");
    byte[] edited = Files.readAllBytes(other);
    try (PagedDatabase database = start(path)) {
      awaitLetGo();
      replay.assertMatches(database.snapshot());
      awaitLetGo();
      Files.write(path, edited); // the same inode
      replay.assertMatches(database.snapshot());
      assertThat(replay.bases()).hasSize(2);
      assertThat(replay.bytes()).isEqualTo(edited);
    }
  }

  @Test
  void imagesBetweenShortConnectionsShowWhatWasCommitted() throws Exception {
    try (PagedDatabase database = start(path)) {
      for (int i = 0; i < 25; i++) {
        String count = String.valueOf(i + 2);
        assertThat(sqlite3(path, "INSERT INTO t VALUES(" + i + "); SELECT count(*) FROM t;"))
            .isEqualTo(count);
        if (i % 3 == 0) {
          awaitLetGo();
        }
        replay.assertMatches(database.snapshot());
      }
      assertFollowed(database, path);
    }
  }

  @Test
  void aLinkThatIsSwitchedLeadsToAnotherDatabase() throws Exception {
    Path second = folder.resolve("second.db");
    sqlite3(second, "PRAGMA journal_mode=WAL; CREATE TABLE u(v); INSERT INTO u VALUES(2);");
    Path link = folder.resolve("current.db");
    Files.createSymbolicLink(link, path);
    try (PagedDatabase database = start(link)) {
      awaitLetGo();
      Files.delete(link);
      Files.createSymbolicLink(link, second);
      await("capture has begun anew", () -> replay.bases().size() == 2);
      sqlite3(second, "INSERT INTO u VALUES(3);");
      assertFollowed(database, second);
    }
  }

  @Test
  void readersThatComeAndGoAreNoChange() throws Exception {
    try (PagedDatabase database = start(path)) {
      awaitLetGo();
      for (int i = 0; i < 20; i++) {
        sqlite3(path, "SELECT count(*) FROM t;");
      }
      assertFollowed(database, path);
      assertThat(replay.bases()).hasSize(1);
    }
  }

  @Test
  void anApplicationMayLeaveWalModeAndComeBack() throws Exception {
    try (PagedDatabase database = start(path)) {
      awaitLetGo();
      sqlite3(path, "PRAGMA journal_mode=DELETE; INSERT INTO t VALUES('in rollback mode');");
      await(
          "it is said",
          () -> replay.messages().stream().anyMatch(m -> m.contains("no longer in WAL mode")));
      assertThatThrownBy(database::sync).hasMessageContaining("no longer in WAL mode");
      assertThat(sqlite3(path, "PRAGMA journal_mode;")).isEqualTo("delete");
      sqlite3(path, "PRAGMA page_size=1024; VACUUM; PRAGMA journal_mode=WAL;");
      await("capture goes on", () -> replay.messages().contains("recovered"));
      assertFollowed(database, path);
      assertThat(replay.pageSize()).isEqualTo(1024);
    }
  }

  @Test
  void aTruncatingCheckpointDoesNotWaitForASnapshotThatIsRead() throws Exception {
    sqlite3(path, "INSERT INTO t SELECT randomblob(3000) FROM generate_series(1,200);");
    try (PagedDatabase database = start(path)) {
      sqlite3(path, "INSERT INTO t VALUES('later');");
      try (DatabaseImage image = database.snapshot()) {
        sqlite3(path, "INSERT INTO t VALUES('after the image');");
        Process checkpoint = SqliteHarness.startTruncating(path);
        ByteBuffer page = ByteBuffer.allocate(image.pageSize());
        assertThatThrownBy(
                () -> {
                  while (checkpoint.isAlive()) {
                    image.read(1, 1, page.clear());
                  }
                })
            .isInstanceOf(ImageGivenUpException.class);
        assertThat(checkpoint.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(checkpoint.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("0|0|0");
      }
      database.sync();
      replay.assertMatches(database.snapshot());
    }
  }

  @Test
  void anImageThatIsHeldForLongerThanItIsReadGivesWayEveryTime() throws Exception {
    try (PagedDatabase database = start(path)) {
      for (int i = 0; i < 6; i++) { // one that is only read stays from the fourth time on
        sqlite3(path, "INSERT INTO t VALUES(randomblob(9000));");
        try (DatabaseImage image = database.snapshot()) {
          long held = image.heldBytes();
          sqlite3(path, "PRAGMA wal_autocheckpoint=0; INSERT INTO t VALUES(randomblob(400000));");
          assertThat(image.heldBytes()).isGreaterThanOrEqualTo(held + 400_000);
          Process checkpoint = SqliteHarness.startTruncating(path);
          assertThatThrownBy(
                  () -> {
                    while (checkpoint.isAlive()) {
                      held(image);
                    }
                  })
              .as("time %d", i)
              .isInstanceOf(ImageGivenUpException.class);
          assertThat(checkpoint.waitFor(30, TimeUnit.SECONDS)).isTrue();
          assertThat(new String(checkpoint.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
              .contains("0|0|0");
        }
      }
      database.sync();
      replay.assertMatches(database.snapshot());
    }
  }

  private static void held(DatabaseImage image) throws IOException {
    assertThat(image.heldBytes()).isNotNegative();
  }

  @Test
  void descriptorsOfFilesThatAreNoMoreAreReleased() throws Exception {
    try (PagedDatabase database = start(path)) {
      awaitLetGo();
      for (int i = 0; i < 10; i++) {
        sqlite3(path, "INSERT INTO t VALUES(" + i + ");");
        assertFollowed(database, path);
      }
      awaitLetGo();
      await("only the database file is kept", () -> deletedDescriptors() == 0);
    }
  }

  /** Descriptors of files of this test that have no name any more. */
  private long deletedDescriptors() {
    try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      long found = 0;
      for (Path one : open) {
        try {
          String target = Files.readSymbolicLink(one).toString();
          found += target.startsWith(folder.toString()) && target.endsWith("(deleted)") ? 1 : 0;
        } catch (IOException e) {
          // Closed meanwhile.
        }
      }
      return found;
    } catch (IOException e) {
      return -1;
    }
  }
}
