package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or read-only, on real file systems. */
final class DiskFaultsIT {

  private static final String INSERT = "INSERT INTO t(v) VALUES(randomblob(30000));";

  @TempDir Path folder;

  private final Recorder told = new Recorder();
  private Path database;
  private Path replica;
  private Path shadow;

  @BeforeEach
  void createDatabase() throws Exception {
    assumeTrue(Tmpfs.possible(), "only root can mount a small file system");
    database = folder.resolve("app.db");
    replica = folder.resolve("replica");
    shadow = folder.resolve("shadow");
    SqliteProcess.create(database, 4096, "NONE", RandomSql.SCHEMA);
  }

  private StreamController start() throws Exception {
    StreamConfig config =
        StreamConfig.builder()
            .database("sqlite", Map.of("path", database))
            .shadowDir(shadow)
            .syncInterval(Duration.ofMillis(20))
            .replica("file", Map.of("path", replica))
            .closeTimeout(Duration.ofSeconds(5))
            .build();
    StreamController stream = StreamController.builder().config(config).listener(told).build();
    stream.start();
    return stream;
  }

  private void assertHasAll(Witness witness) throws Exception {
    Bytes.assertSame(
        "newest state", Restores.from(replica, folder).newest(), witness.bytes(database));
  }

  @Test
  void shadowLogOnFullDiskLeavesNoHole() throws Exception {
    try (Tmpfs disk = Tmpfs.mount(shadow, "8m");
        Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database);
        StreamController stream = start()) {
      writer.run(INSERT);
      stream.sync(Await.PATIENCE);
      assertHasAll(witness);
      Path ballast = disk.path().resolve("ballast");
      Shell.run("dd", "if=/dev/zero", "of=" + ballast, "bs=4k");
      Await.until(
          "it is told",
          () -> {
            writer.run(INSERT);
            return told.told("paused ");
          });
      assertThat(stream.status().capturing()).isFalse();
      assertThat(stream.status().captureError()).contains(shadow.toString());
      assertThat(told.first("paused ")).contains(shadow.toString()).contains("make room");
      writer.run(INSERT.repeat(10));
      Files.delete(ballast);
      Await.until("capture works again", () -> told.told("resumed"));
      writer.run(INSERT);
      stream.sync(Await.PATIENCE);
      assertHasAll(witness);
      assertThat(stream.status().capturing()).isTrue();
      assertThat(Restores.from(replica, folder).verify().ok()).isTrue();
    }
  }

  @Test
  void replicaOnFullDiskCatchesUp() throws Exception {
    try (Tmpfs disk = Tmpfs.mount(replica, "2m");
        Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database);
        StreamController stream = start()) {
      stream.sync(Await.PATIENCE);
      Path ballast = disk.path().resolve("ballast");
      Shell.run("dd", "if=/dev/zero", "of=" + ballast, "bs=4k");
      writer.run(INSERT.repeat(10));
      Await.until("it is told", () -> told.told("failing file"));
      writer.run(INSERT.repeat(10));
      Files.delete(ballast);
      stream.sync(Await.PATIENCE);
      assertHasAll(witness);
    }
  }

  @Test
  void readOnlyReplicaIsToldAndCanBeRestoredFrom() throws Exception {
    try (Tmpfs disk = Tmpfs.mount(replica, "16m");
        Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database);
        StreamController stream = start()) {
      writer.run(INSERT);
      stream.sync(Await.PATIENCE);
      byte[] before = witness.bytes(database);
      disk.remount("ro");
      writer.run(INSERT);
      Await.until("it is told", () -> told.told("failing file"));
      assertThat(stream.status().replicas().get(0).lastError()).contains(replica.toString());
      Bytes.assertSame("state", Restores.from(replica, folder).newest(), before);
      disk.remount("rw");
      stream.sync(Await.PATIENCE);
      assertHasAll(witness);
    }
  }
}
