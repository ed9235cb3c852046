package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shadow directory without room; on a small disk of its own where one can be mounted. */
final class FullDiskTest {

  @TempDir Path folder;

  @Test
  void aFullDiskPausesCaptureSaysSoAndLosesNothingOnceThereIsRoom() throws Exception {
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString());
    System.out.println(
        mounted
            ? "full disk: on a tmpfs"
            : "full disk: by the seam, since no tmpfs can be mounted");
    Bench bench = new Bench();
    try {
      ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
      ScriptedReplica replica = new ScriptedReplica();
      Replication stream = bench.start(folder.resolve("s"), database, replica);
      commit(database);
      stream.sync(Bench.SOON);
      Path ballast = folder.resolve("ballast");
      if (mounted) {
        fill(ballast);
      } else {
        database.failFrames = true;
      }
      int refused = 0;
      for (int i = 0; i < 60; i++) { // the first ones may fit into a page that is half-used
        refused += commit(database) ? 0 : 1;
      }
      assertThat(refused).isPositive();
      assertThat(stream.status().capturing()).isFalse();
      // The threads that take snapshots and seal may ask for what was refused, and fail once more.
      assertThat(stream.status().captureFailures()).isGreaterThanOrEqualTo(refused);
      assertThat(stream.status().captureError())
          .contains("cannot append to the shadow log in " + folder.resolve("s").toRealPath())
          .contains("No space left on device")
          .contains("are not protected until this is solved")
          .contains("make room");
      // A small one may have found room in between.
      assertThat(bench.count("paused")).isEqualTo(bench.count("capture recovered") + 1);
      Files.deleteIfExists(ballast);
      database.failFrames = false;
      assertThat(commit(database)).isTrue();
      assertThat(bench.count("capture recovered")).isEqualTo(bench.count("paused"));
      stream.sync(Bench.SOON);
      assertThat(stream.status().capturing()).isTrue();
      assertThat(stream.close()).isEmpty();
      assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
      assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    } finally {
      try {
        bench.stop();
      } finally {
        if (mounted) {
          run("umount", folder.toString());
        }
      }
    }
  }

  /** Whether the commit was captured. */
  private static boolean commit(ModelDatabase database) {
    database.commit();
    try {
      database.deliver();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      byte[] block = new byte[512];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
