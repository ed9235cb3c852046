package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Await;
import dev.stream.it.ChildJvm;
import dev.stream.it.ConfigFile;
import dev.stream.it.ReplicateMain;
import dev.stream.it.SqliteProcess;
import dev.stream.it.Witness;
import dev.stream.it.server.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A database whose snapshot is too large to be copied to the shadow directory: replicas take it
 * from the database itself, while others write. In a heap of 64 MiB.
 */
final class LargeSnapshotIT {

  private static final List<String> HEAP = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
  private static final int ROWS = 1_900; // of 64000 bytes that do not compress
  private static final long LARGE = ROWS * 64_000L;
  private static final long FEW_BYTES = 8 << 20; // the page hashes, segments, the active log
  private static final long SOME = 20_000_000;

  @TempDir Path folder;

  private Path database;
  private Path shadow;
  private String name;
  private Witness witness;
  private SqliteProcess writer;

  @BeforeEach
  void create(TestInfo test) throws Exception {
    database = folder.resolve("app.db");
    shadow = folder.resolve("shadow");
    name = Place.name(test);
    SqliteProcess.create(
        database,
        4096,
        "NONE",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB);"
            + "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < "
            + ROWS
            + ") INSERT INTO t SELECT i, randomblob(64000) FROM c;");
    witness = new Witness(folder);
    writer = new SqliteProcess(database);
  }

  @AfterEach
  void end() throws Exception {
    writer.close();
    witness.close();
  }

  private ChildJvm replicate(String type, Map<String, Object> replica) throws Exception {
    Path config =
        new ConfigFile(database, shadow)
            .set("syncInterval", "200ms")
            .set("snapshotInterval", "1h")
            .replica(type, replica)
            .folder(folder.resolve("nas"))
            .write(folder.resolve("stream.json"));
    return ChildJvm.start(ReplicateMain.class, HEAP, config);
  }

  /** The length of all files in the shadow directory. */
  private long bytes() {
    try (Stream<Path> walk = Files.walk(shadow)) {
      return walk.mapToLong(LargeSnapshotIT::size).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // something went meanwhile: looked at again
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes until every replica has everything; returns the most bytes in the shadow directory. */
  private long sync(ChildJvm stream) throws Exception {
    long most = 0;
    for (int i = 0; i < 50; i++) {
      writer.run("UPDATE t SET v = randomblob(3000) WHERE id = " + (1 + i * 37) + ";");
      most = Math.max(most, bytes());
    }
    stream.say("sync");
    long[] seen = {most};
    Await.until(
        "everything is replicated",
        () -> {
          seen[0] = Math.max(seen[0], bytes());
          return stream.said().stream().anyMatch(line -> line.startsWith("synced "));
        });
    return seen[0];
  }

  private void close(ChildJvm stream) throws Exception {
    stream.say("close");
    assertThat(stream.answer("closed")).isEqualTo("[]");
    assertThat(stream.await()).isZero();
  }

  private void assertRestores(String type, Map<String, Object> replica) throws Exception {
    byte[] expected = witness.bytes(database);
    assertThat(expected.length).isGreaterThan((int) LARGE);
    try (Place place = new Place(type, replica, folder);
        Place nas = new Place("file", Map.of("path", folder.resolve("nas").toString()), folder)) {
      place.assertRestores(expected);
      nas.assertRestores(expected);
      assertThat(place.restores().listing().generations()).hasSize(1);
    }
  }

  /** In parts, from several places at once; the others one byte after the other. */
  static List<BackendKind> nothingOfItIsOnTheDisk() {
    return BackendKind.areSlowOnesWanted() ? BackendKind.all() : List.of(BackendKind.S3);
  }

  @ParameterizedTest
  @MethodSource
  void nothingOfItIsOnTheDisk(BackendKind kind) throws Exception {
    try (Backend backend = kind.start();
        ChildJvm stream = replicate(backend.type(), backend.config(name))) {
      stream.hear("ready");
      long most = sync(stream);
      System.out.println("large snapshot: " + kind + ", at most " + most + " bytes here");
      assertThat(most).isLessThan(FEW_BYTES);
      close(stream);
      assertRestores(backend.type(), backend.config(name));
    }
  }

  @Test
  void killedInTheMidstOfItStreamGoesOn() throws Exception {
    try (Backend backend = BackendKind.S3.start();
        TcpProxy proxy = TcpProxy.to(backend.address())) {
      Map<String, Object> replica = backend.config(name, proxy.address());
      try (ChildJvm stream = replicate(backend.type(), replica)) {
        stream.hear("ready");
        Await.until("some of it is sent", () -> proxy.bytesToServer() > SOME);
        proxy.stall();
        stream.kill();
      }
      proxy.cut();
      proxy.mend();
      writer.run("UPDATE t SET v = randomblob(3000) WHERE id = 7;");
      try (ChildJvm stream = replicate(backend.type(), replica)) {
        stream.hear("ready");
        assertThat(sync(stream)).isLessThan(FEW_BYTES);
        close(stream);
      }
      try (Place place = new Place(backend.type(), backend.config(name), folder)) {
        place.assertRestores(witness.bytes(database));
      }
    }
  }

  @Test
  void aCheckpointDoesNotWaitForAReplicaThatIsStuck() throws Exception {
    try (Backend backend = BackendKind.S3.start();
        TcpProxy proxy = TcpProxy.to(backend.address())) {
      Map<String, Object> replica = backend.config(name, proxy.address());
      try (ChildJvm stream = replicate(backend.type(), replica)) {
        stream.hear("ready");
        Await.until("some of it is sent", () -> proxy.bytesToServer() > SOME);
        proxy.stall();
        writer.run("UPDATE t SET v = randomblob(3000) WHERE id = 7;");
        // Busy if it had to wait for longer than that.
        writer.run(".timeout 10000");
        assertThat(writer.value("PRAGMA wal_checkpoint(TRUNCATE);")).isEqualTo("0|0|0");
        proxy.mend();
        long ignored = sync(stream); // the second time there may be a copy
        close(stream);
      }
      assertRestores(backend.type(), backend.config(name));
    }
  }
}
