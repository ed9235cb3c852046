package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.TestRun;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * By seed: whatever applications and people do to a database, with Stream beside it, stopped,
 * killed and started again. The database has to be what it is in a run without Stream, and what was
 * captured has to be the database.
 */
@Timeout(600)
final class SqliteUpheavalTest {

  @TempDir private Path folder;

  private static final String[] LIMITS = {"-1", "0", "40000", "1000000"};

  private final ReplayedDatabase replay = ReplayedDatabase.inMemory();
  private final List<String> done = new ArrayList<>();
  private Path path;
  private Path twin;
  private Random random;

  @Test
  void theDatabaseIsAsItWouldBeAndWhatIsCapturedIsTheDatabase() throws Exception {
    random = TestRun.random("upheaval");
    path = Files.createDirectory(folder.resolve("beside")).resolve("app.db");
    twin = Files.createDirectory(folder.resolve("alone")).resolve("app.db");
    both("PRAGMA journal_mode=WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, v);");
    PagedDatabase database = start();
    try {
      for (int round = 0; round < TestRun.rounds(60, 1_000); round++) {
        database = step(database);
        if (random.nextInt(3) == 0) {
          assertCaptured(database);
        }
      }
      assertCaptured(database);
    } finally {
      database.close();
    }
    assertSame("at the end, ");
  }

  private PagedDatabase start() throws IOException {
    var unused = replay.allowing(Duration.ofMillis(random.nextInt(3) * 150L));
    PagedDatabase database = new SqliteDatabaseProvider().open(new SqliteConfig(path));
    database.start(replay.resumePosition(), replay);
    return database;
  }

  private PagedDatabase step(PagedDatabase database) throws Exception {
    switch (random.nextInt(14)) {
      case 0 -> {
        done.add("stop");
        database.close();
        session();
        return start();
      }
      case 1 -> {
        done.add("kill");
        ((SqliteDatabase) database).abandon();
        session();
        return start();
      }
      case 2 -> checkpoint("PASSIVE");
      case 3 -> checkpoint("FULL");
      case 4 -> checkpoint("RESTART");
      case 5 -> checkpoint("TRUNCATE");
      case 6 -> removeLogs();
      case 7 -> replace(true);
      case 8 -> replace(false);
      case 9 -> connections();
      default -> session();
    }
    return database;
  }

  /** An application that is started, commits, and stops. */
  private void session() throws IOException {
    StringBuilder sql = new StringBuilder("PRAGMA busy_timeout=20000;");
    sql.append("PRAGMA journal_size_limit=").append(LIMITS[random.nextInt(4)]).append(';');
    if (random.nextBoolean()) {
      sql.append("PRAGMA wal_autocheckpoint=").append(random.nextInt(20)).append(';');
    }
    for (int i = random.nextInt(6); i >= 0; i--) {
      sql.append(change());
    }
    both(sql.toString());
  }

  /** Every value is made from the seed, so that two databases get the same. */
  private String change() {
    int id = random.nextInt(300);
    return switch (random.nextInt(5)) {
      case 0 -> "DELETE FROM t WHERE id % 7 = " + id % 7 + ";";
      case 1 -> "UPDATE t SET v = hex(zeroblob(" + random.nextInt(900) + ")) WHERE id < 40;";
      case 2 ->
          "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 60)"
              + " INSERT OR REPLACE INTO t SELECT i + "
              + id
              + ", printf('%.*c', 700, i % 10) FROM c;";
      default ->
          String.format(
              Locale.ROOT,
              "INSERT OR REPLACE INTO t VALUES(%d, printf('%%.*c', %d, '%d'));",
              id,
              1 + random.nextInt(3_000),
              id);
    };
  }

  private void checkpoint(String mode) throws IOException {
    both("PRAGMA busy_timeout=20000;" + change() + "PRAGMA wal_checkpoint(" + mode + ");");
  }

  /** What start scripts do: the application has stopped. */
  private void removeLogs() throws IOException {
    awaitLetGo();
    done.add("rm");
    for (Path one : List.of(path, twin)) {
      Files.deleteIfExists(Path.of(one + "-wal"));
      Files.deleteIfExists(Path.of(one + "-shm"));
    }
    session();
  }

  /** An edited copy takes the database's place, by another inode or in the same one. */
  private void replace(boolean moved) throws IOException {
    awaitLetGo();
    done.add(moved ? "mv" : "cp");
    String edit = change() + (random.nextBoolean() ? "VACUUM;" : "");
    for (Path one : List.of(path, twin)) {
      Path copy = one.resolveSibling("edited.db");
      sqlite3(one, "PRAGMA busy_timeout=20000; VACUUM INTO '" + copy + "';");
      sqlite3(copy, "PRAGMA journal_mode=WAL;" + edit);
    }
    awaitLetGo();
    for (Path one : List.of(path, twin)) {
      Path copy = one.resolveSibling("edited.db");
      if (moved) {
        Files.move(copy, one, StandardCopyOption.REPLACE_EXISTING);
      } else {
        // In this process a descriptor that is closed would drop the locks of SQLite.
        SqliteHarness.run("cp", copy.toString(), one.toString());
        Files.delete(copy);
      }
    }
    if (random.nextBoolean()) {
      session();
    }
  }

  /** Nobody has the log any more, as it would be at once without Stream. */
  private void awaitLetGo() {
    long end = System.nanoTime() + 20_000_000_000L;
    while (Files.exists(Path.of(path + "-wal")) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(Path.of(path + "-wal")).as("log of a stopped application, %s", done).doesNotExist();
  }

  /** Two connections that stay open for some commits, so that logs are restarted among them. */
  private void connections() throws SQLException {
    done.add("connections");
    List<String> changes = new ArrayList<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      changes.add(random.nextInt(5) == 0 ? "PRAGMA wal_checkpoint(TRUNCATE)" : change());
    }
    for (Path one : List.of(path, twin)) {
      try (Connection first = Connections.open(one);
          Connection second = Connections.open(one);
          Statement a = first.createStatement();
          Statement b = second.createStatement()) {
        a.execute("PRAGMA journal_size_limit=0");
        for (int i = 0; i < changes.size(); i++) {
          (i % 2 == 0 ? a : b).execute(changes.get(i));
        }
      }
    }
  }

  private void both(String sql) throws IOException {
    done.add(sql);
    sqlite3(path, sql);
    sqlite3(twin, sql);
  }

  private static String sqlite3(Path database, String sql) throws IOException {
    Process process =
        new ProcessBuilder("sqlite3", "-batch", database.toString(), sql)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      assertThat(process.waitFor()).as("%s: %s", sql, output).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return output;
  }

  private void assertCaptured(PagedDatabase database) throws IOException {
    database.sync();
    awaitLetGo();
    assertThat(Arrays.mismatch(replay.bytes(), Files.readAllBytes(path)))
        .as("first byte that differs from what was captured, %s", done)
        .isNegative();
    assertSame("");
  }

  private void assertSame(String when) throws IOException {
    assertThat(sqlite3(path, ".dump"))
        .as("%sthe database and its twin without Stream, %s", when, done)
        .isEqualTo(sqlite3(twin, ".dump"));
    assertThat(sqlite3(path, "PRAGMA integrity_check;")).isEqualTo("ok");
  }
}
