package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database larger than the heap, across the page that SQLite locks and never writes. */
final class GigabyteIT {

  private static final List<String> HEAP = List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError");
  private static final long LOCK_BYTE = 1L << 30;
  private static final int ROWS = 17_500;

  private Path folder;
  private Path database;

  @BeforeEach
  void createDatabase() throws Exception {
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    folder = Files.createTempDirectory(target, "gigabyte");
    database = folder.resolve("app.db");
    try (SqliteProcess sqlite = new SqliteProcess(database)) {
      sqlite.run("PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;");
      sqlite.run("CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, v BLOB);");
      sqlite.send(
          "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < "
              + ROWS
              + ") INSERT INTO t SELECT i, 0, iif(i % 4 = 0, randomblob(64000), zeroblob(64000))"
              + " FROM c;");
      sqlite.run("PRAGMA journal_mode=WAL;");
    }
    assertThat(Files.size(database)).isGreaterThan(LOCK_BYTE + (32 << 20));
  }

  @AfterEach
  void remove() throws Exception {
    Shell.expect("rm", "-r", folder.toString());
  }

  @Test
  void databaseAcrossTheLockPageIsReplicatedAndRestoredInSmallHeap() throws Exception {
    Path replica = folder.resolve("replica");
    Path restored = folder.resolve("restored.db");
    long begun = System.nanoTime();
    try (Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database);
        ChildJvm stream =
            ChildJvm.start(
                ReplicateMain.class,
                HEAP,
                database,
                folder.resolve("shadow"),
                replica,
                500,
                3_600_000)) {
      stream.hear("ready");
      writer.run("PRAGMA synchronous=NORMAL;");
      long captured = lap("capture began after", begun);
      for (int i = 0; i < 1_000; i++) {
        writer.send(transaction(i));
      }
      writer.await();
      stream.say("sync");
      String first = stream.answer("synced ");
      long synced = lap("everything replicated after", captured);
      writer.run("DELETE FROM t WHERE id = 1;");
      stream.say("sync");
      String last = stream.answer("synced ");
      assertThat(last.split(" ", 2)[0]).as("generation").isEqualTo(first.split(" ", 2)[0]);
      stream.say("close");
      assertThat(stream.answer("closed")).isEqualTo("[]");
      assertThat(stream.await()).isZero();

      try (ChildJvm restore = ChildJvm.start(RestoreMain.class, HEAP, replica, restored)) {
        assertThat(restore.await()).as(() -> restore.said().toString()).isZero();
        System.out.println("gigabyte: " + restore.said());
      }
      lap("restored after", synced);
      Path expected = witness.file(database);
      Shell.expect("cmp", expected.toString(), restored.toString());
    }
    lap("in all", begun);
  }

  /** Rows before, at, and after the lock page; and new ones, which make the file grow. */
  private static String transaction(int i) {
    return switch (i % 4) {
      case 0 -> "INSERT INTO t(n, v) VALUES(%d, randomblob(9000));".formatted(i);
      case 1 -> "UPDATE t SET n = n + 1 WHERE id = %d;".formatted(1 + i * 17 % ROWS);
      case 2 ->
          "UPDATE t SET v = randomblob(64000) WHERE id = %d;"
              .formatted(LOCK_BYTE / 4096 * ROWS / 276_000 - 50 + i % 100);
      default -> "UPDATE t SET v = zeroblob(30000) WHERE id = %d;".formatted(1 + i * 7 % ROWS);
    };
  }

  private static long lap(String what, long since) {
    long now = System.nanoTime();
    System.out.println("gigabyte: " + what + " " + Duration.ofNanos(now - since));
    return now;
  }
}
