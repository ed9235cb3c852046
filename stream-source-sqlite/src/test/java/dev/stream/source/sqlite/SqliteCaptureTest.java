package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.ReplayedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqliteCaptureTest {

  @TempDir private Path folder;

  private static PagedDatabase open(Path path) throws Exception {
    return new SqliteDatabaseProvider().open(new SqliteConfig(path));
  }

  private Path database(int pageSize, String... sql) throws SQLException {
    Path path = folder.resolve("app ?#%.db");
    try (Connection c = Connections.open(touch(path));
        Statement s = c.createStatement()) {
      s.execute("PRAGMA page_size=" + pageSize);
      s.execute("PRAGMA auto_vacuum=INCREMENTAL");
      s.execute("VACUUM");
      for (String line : sql) {
        s.execute(line);
      }
    }
    return path;
  }

  private static Path touch(Path path) {
    try {
      return Files.exists(path) ? path : Files.createFile(path);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void replaysEveryCommitOfAWriterThatNeverPauses(int pageSize) throws Exception {
    Path path = database(pageSize, "CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB)");
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (PagedDatabase database = open(path)) {
      database.start(null, replay);
      Thread writer =
          new Thread(
              () -> {
                try (Connection c = Connections.open(path);
                    Statement s = c.createStatement()) {
                  s.execute("PRAGMA wal_autocheckpoint=1000");
                  s.execute("PRAGMA synchronous=NORMAL");
                  Random random = new Random(1);
                  for (int i = 0; i < 20_000; i++) {
                    switch (random.nextInt(20)) {
                      case 0 -> s.execute("DELETE FROM t WHERE id % 7 = " + random.nextInt(7));
                      case 1 -> s.execute("PRAGMA incremental_vacuum(10)");
                      default ->
                          s.execute(
                              "INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(900) + "))");
                    }
                  }
                } catch (SQLException e) {
                  failure.set(e);
                }
              });
      writer.start();
      int images = 0;
      while (writer.isAlive()) {
        try (DatabaseImage image = database.snapshot()) {
          SqliteHarness.read(image);
          images++;
        }
        writer.join(200);
      }
      database.sync();
      assertThat(failure.get()).isNull();
      assertThat(replay.messages()).noneMatch(m -> m.startsWith("trouble"));
      assertThat(images).isPositive();
      try (DatabaseImage image = database.snapshot()) {
        assertThat(replay.bytes()).isEqualTo(SqliteHarness.read(image));
      }
    }
    // The last closer wrote everything back: the file itself is the witness.
    assertThat(Path.of(path + "-wal")).doesNotExist();
    assertThat(replay.bytes()).isEqualTo(Files.readAllBytes(path));
    assertThat(replay.txId()).isGreaterThan(1);
  }

  @Test
  void resumesWhereTheLogStillHoldsTheLastCommit() throws Exception {
    Path path = database(4096, "CREATE TABLE t(v)", "PRAGMA journal_mode=WAL");
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    try (Connection other = Connections.open(path);
        Statement s = other.createStatement()) {
      s.execute("INSERT INTO t VALUES(1)");
      try (PagedDatabase database = open(path)) {
        database.start(null, replay);
        s.execute("INSERT INTO t VALUES(2)");
      }
      s.execute("INSERT INTO t VALUES(3)");
      long before = replay.txId();
      try (PagedDatabase database = open(path)) {
        database.start(replay.resumePosition(), replay);
      }
      assertThat(replay.bases().get(1).proven()).as("%s", replay.bases()).isTrue();
      assertThat(replay.txId()).isEqualTo(before + 1);
    }
    assertThat(replay.bytes()).isEqualTo(Files.readAllBytes(path));
  }

  @Test
  void commitsThatKeepComingAreReadTogetherHoweverRareLooksAre() throws Exception {
    Path path = database(4096, "CREATE TABLE t(v)");
    ReplayedDatabase replay = ReplayedDatabase.inMemory().allowing(Duration.ofHours(1));
    long sinceLastLook = Duration.ofMillis(60).toNanos();
    try (LogCapture capture = new LogCapture(path, replay, () -> {});
        Connection c = Connections.open(path);
        Statement s = c.createStatement()) {
      capture.start(null);
      int read = 0;
      for (int commit = 0; commit < 60; commit++) {
        s.execute("INSERT INTO t VALUES(" + commit + ")");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3)); // one writer of some hundred
        boolean unused = capture.poll(sinceLastLook, true);
        if (commit == 20) { // by now it is known how fast they come
          read = replay.flushes();
        }
      }
      assertThat(replay.flushes() - read).isLessThanOrEqualTo(1);
      boolean unused = capture.poll(0, false);
      assertThat(replay.txId()).as("a base, and each commit").isEqualTo(61);
    }
  }
}
