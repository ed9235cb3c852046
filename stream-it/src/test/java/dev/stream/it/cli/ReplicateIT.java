package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stream replicate} from start to end, and what it leaves. */
class ReplicateIT {

  @TempDir Path folder;

  @Test
  void terminatedUnderLoadItSendsEverythingAndEndsWithZero() throws Exception {
    try (Shop shop = new Shop(folder);
        StreamProcess stream =
            StreamProcess.start("replicate", "--config", shop.config().toString()).awaitReady()) {
      AtomicBoolean stop = new AtomicBoolean();
      Thread writer =
          new Thread(
              () -> {
                try {
                  while (!stop.get()) {
                    shop.order();
                  }
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      writer.start();
      StreamProcess.await("some segments", () -> shop.segments().size() >= 3);
      Result ended = stream.terminate();
      stop.set(true);
      writer.join();
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(ended.err().lines()).contains("ready");
      assertThat(StreamProcess.run("verify", "--from", shop.replica.toString()).exit()).isZero();
    }
  }

  @Test
  void whatWasCommittedBeforeSigtermIsRestoredByteForByte() throws Exception {
    try (Shop shop = new Shop(folder)) {
      try (StreamProcess stream =
          StreamProcess.start("replicate", "--config", shop.config().toString()).awaitReady()) {
        for (int i = 0; i < 200; i++) {
          shop.order();
        }
        Result ended = stream.terminate();
        assertThat(ended.exit()).as(ended.err()).isZero();
      }
      Path restored = folder.resolve("restored.db");
      Result restore =
          StreamProcess.run(
              "restore", "--config", shop.config().toString(), "--output", restored.toString());
      assertThat(restore.exit()).as(restore.err()).isZero();
      assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
    }
  }

  @Test
  void killedItGoesOnAndLosesNothing() throws Exception {
    try (Shop shop = new Shop(folder)) {
      String config = shop.config().toString();
      try (StreamProcess stream = StreamProcess.start("replicate", "--config", config)) {
        stream.awaitReady();
        shop.order();
        StreamProcess.await("a segment", () -> !shop.segments().isEmpty());
        for (int i = 0; i < 50; i++) {
          shop.order();
        }
        stream.kill();
      }
      Result status = StreamProcess.run("status", "--config", config);
      assertThat(status.out()).startsWith("killed");
      assertThat(StreamProcess.run("status", "--config", config, "--strict").exit()).isEqualTo(1);
      shop.replicate(1);
      Path restored = folder.resolve("restored.db");
      assertThat(StreamProcess.run("restore", "--config", config, "-o", restored.toString()).exit())
          .isZero();
      assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
    }
  }

  @Test
  void aSecondStreamOnTheShadowDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
    try (Shop shop = new Shop(folder);
        StreamProcess first =
            StreamProcess.start("replicate", "--config", shop.config().toString()).awaitReady()) {
      Result second = StreamProcess.run("replicate", "--config", shop.config().toString());
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.err()).contains("in use by another Stream").contains("shadowDir");
      shop.order();
      StreamProcess.await("a segment", () -> !shop.segments().isEmpty());
      assertThat(first.terminate().exit()).isZero();
    }
  }

  @Test
  void aMissingDatabaseIsRestoredFirstIfThatIsWanted() throws Exception {
    Path reference;
    Shop shop = new Shop(folder);
    try (shop) {
      shop.replicate(1);
      reference = shop.reference();
    }
    Files.delete(shop.database);
    Path config = shop.config("\"restore\": {\"enabled\": true},");
    try (StreamProcess stream = StreamProcess.start("replicate", "--config", config.toString())) {
      stream.awaitReady();
      assertThat(stream.terminate().exit()).isZero();
    }
    assertThat(Files.mismatch(reference, shop.database)).isEqualTo(-1);
  }

  @Test
  void aSnapshotIsTakenOnRequestWhetherStreamRunsOrNot() throws Exception {
    try (Shop shop = new Shop(folder)) {
      String config = shop.config().toString();
      Result alone = StreamProcess.run("snapshot", "--config", config);
      assertThat(alone.exit()).as(alone.err()).isZero();
      assertThat(shop.artefacts("snapshots")).hasSize(1);
      try (StreamProcess stream = StreamProcess.start("replicate", "--config", config)) {
        stream.awaitReady();
        shop.order();
        Result beside = StreamProcess.run("snapshot", "--config", config, "--json");
        assertThat(beside.exit()).as(beside.err()).isZero();
        assertThat(beside.out()).contains("\"replicas\"").contains("\"txId\"");
        assertThat(shop.artefacts("snapshots")).hasSize(2);
        assertThat(stream.terminate().exit()).isZero();
      }
    }
  }

  @Test
  void theShortFormNeedsNoConfiguration() throws Exception {
    try (Shop shop = new Shop(folder);
        StreamProcess stream =
            StreamProcess.start("replicate", shop.database.toString(), shop.replica.toString())) {
      stream.awaitReady();
      shop.order();
      assertThat(stream.terminate().exit()).isZero();
      assertThat(folder.resolve("shop.db.stream")).isDirectory();
      assertThat(StreamProcess.run("verify", "--from", shop.replica.toString()).exit()).isZero();
    }
  }
}
