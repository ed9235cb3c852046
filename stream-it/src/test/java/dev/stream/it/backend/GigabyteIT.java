package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.ChildJvm;
import dev.stream.it.ConfigFile;
import dev.stream.it.ReplicateMain;
import dev.stream.it.RestoreMain;
import dev.stream.it.Shell;
import dev.stream.it.SqliteProcess;
import dev.stream.it.Witness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A database larger than the heap, across the page that SQLite locks and never writes, on every
 * kind of replica. A quarter of it does not compress, which is more than the heap. Each replica
 * gets it as the one before left it.
 */
final class GigabyteIT {

  private static final List<String> HEAP = List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError");
  private static final long LOCK_BYTE = 1L << 30;
  private static final int ROWS = 17_500;

  private static Path folder;
  private static Path database;

  @BeforeAll
  static void createDatabase() throws Exception {
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

  @AfterAll
  static void remove() throws Exception {
    Shell.expect("rm", "-r", folder.toString());
  }

  @ParameterizedTest
  @MethodSource("dev.stream.it.backend.BackendKind#all")
  void databaseAcrossTheLockPageIsReplicatedAndRestoredInSmallHeap(BackendKind kind)
      throws Exception {
    Path restored = folder.resolve("restored.db");
    Path shadow = folder.resolve("shadow-" + kind);
    try (Backend backend = kind.start();
        Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database)) {
      long begun = System.nanoTime();
      Path config =
          new ConfigFile(database, shadow)
              .set("syncInterval", "500ms")
              .set("snapshotInterval", "1h")
              .replica(backend.type(), backend.config("gigabyte"))
              .write(folder.resolve("stream.json"));
      replicate(config, writer, begun);
      restore(config, restored);
      Path expected = witness.file(database);
      Shell.expect("cmp", expected.toString(), restored.toString());
      Files.delete(expected);
      Files.delete(restored);
      lap(kind + " in all", begun);
    } finally {
      Shell.expect("rm", "-r", shadow.toString());
    }
  }

  private static void replicate(Path config, SqliteProcess writer, long begun) throws Exception {
    try (ChildJvm stream = ChildJvm.start(ReplicateMain.class, HEAP, config)) {
      stream.hear("ready");
      writer.run("PRAGMA synchronous=NORMAL;");
      long captured = lap("capture began after", begun);
      for (int i = 0; i < 1_000; i++) {
        writer.send(transaction(i));
      }
      writer.await();
      stream.say("sync");
      String first = stream.answer("synced ");
      lap("everything replicated after", captured);
      writer.run("INSERT INTO t(n) VALUES(-1);");
      stream.say("sync");
      String last = stream.answer("synced ");
      assertThat(last.split(" ", 2)[0]).as("generation").isEqualTo(first.split(" ", 2)[0]);
      stream.say("close");
      assertThat(stream.answer("closed")).isEqualTo("[]");
      assertThat(stream.await()).isZero();
    }
  }

  private static void restore(Path config, Path restored) throws Exception {
    long begun = System.nanoTime();
    try (ChildJvm restore = ChildJvm.start(RestoreMain.class, HEAP, config, restored)) {
      assertThat(restore.await()).as(() -> restore.said().toString()).isZero();
      System.out.println("gigabyte: " + restore.said());
    }
    lap("restored after", begun);
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
