package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.monitor.StatusFile;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a codec or a database throws is told, and Stream goes on when it works again. */
@Timeout(120)
final class FaultyPluginsTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private ScriptedCodec codec;
  private final ScriptedReplica replica = new ScriptedReplica();

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    codec = new ScriptedCodec();
    bench.codec = codec;
    database = new ModelDatabase(512, Bench.seed(0));
    database.commit();
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private Replication start() throws IOException {
    return bench.start(folder.resolve("s"), database, replica);
  }

  private void commits(Replication stream, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      database.commit();
      stream.sync(Bench.SOON);
    }
  }

  private List<Long> snapshots() {
    return PlainRestore.listing(replica).generations().stream()
        .flatMap(generation -> generation.snapshots().stream())
        .map(SnapshotDescriptor::txId)
        .toList();
  }

  private void faultIn(String thread) {
    codec.fault =
        name -> name.equals(thread) ? new NoClassDefFoundError("org/example/Codec") : null;
  }

  private static void awaitError(Replication stream, String... parts) {
    Bench.await("it is told", () -> stream.status().captureError() != null);
    assertThat(stream.status().captureError()).contains(parts);
  }

  private static void awaitNoError(Replication stream) {
    Bench.await("all is well", () -> stream.status().captureError() == null);
  }

  private void prove(Replication stream) throws IOException {
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void anErrorOfTheCodecKeepsNoSegmentBackOnceItWorks() throws Exception {
    Replication stream = start();
    commits(stream, 2);
    faultIn("stream-seal");
    database.commit();
    database.deliver();
    awaitError(stream, "cannot seal", "org/example/Codec");
    assertThat(stream.status().capturing()).isTrue();
    codec.fault = thread -> null;
    stream.sync(Bench.SOON);
    awaitNoError(stream);
    prove(stream);
  }

  @Test
  void anErrorOfTheCodecDelaysAGenerationsFirstSnapshotOnly() throws Exception {
    faultIn("stream-snapshot");
    Replication stream = start();
    awaitError(stream, "cannot take a snapshot", "org/example/Codec");
    codec.fault = thread -> null;
    commits(stream, 1);
    awaitNoError(stream);
    prove(stream);
  }

  @Test
  void anErrorOfTheDatabaseDelaysASnapshotOnly() throws Exception {
    Replication stream = start();
    commits(stream, 2);
    database.snapshotFault = new StackOverflowError("as if");
    stream.snapshotNow();
    awaitError(stream, "cannot take a snapshot", "as if");
    database.snapshotFault = null;
    Bench.await("the snapshot", () -> snapshots().contains(database.txId));
    awaitNoError(stream);
    prove(stream);
  }

  @Test
  void statusTellsWhySegmentsAreNotMergedUntilTheyAre() throws Exception {
    bench.compaction = List.of(Duration.ofHours(1));
    Replication stream = start();
    faultIn("stream-compact");
    commits(stream, 5);
    assertThat(stream.status().compactionError()).isNull();
    Instant before = bench.now.plus(Duration.ofHours(3));
    bench.now = before;
    Bench.await("it is told", () -> stream.status().compactionError() != null);
    bench.now = before.plusSeconds(100);
    StreamStatus status = stream.status();
    assertThat(status.compactionError()).contains("cannot merge segments", "org/example/Codec");
    assertThat(status.compactionFailingSince()).isEqualTo(before);
    assertThat(status.captureError()).as("no commit is concerned").isNull();
    Path file = folder.resolve("s").resolve(StatusFile.NAME);
    Bench.await("other processes see it", () -> text(file).contains("\"cannot merge segments"));
    assertThat(text(file)).contains("\"compactionFailingSince\" : \"" + before + "\"");
    codec.fault = thread -> null;
    Bench.await("it is merged", () -> stream.status().compactionError() == null);
    assertThat(stream.status().compactionFailingSince()).isNull();
    prove(stream);
    assertThat(PlainRestore.listing(replica).generations().get(0).segments())
        .anyMatch(segment -> segment.level() == 1);
  }

  @Test
  void statusTellsOfADamagedSegmentUntilMergingHasWorkedAgain() throws Exception {
    bench.compaction = List.of(Duration.ofHours(1));
    Replication stream = start();
    commits(stream, 3);
    damageEverySegment();
    bench.now = bench.now.plus(Duration.ofHours(3));
    commits(stream, 1); // of another window
    Bench.await("it is told", () -> stream.status().compactionError() != null);
    assertThat(stream.status().compactionError())
        .contains("a segment stays unmerged", "segments/0");
    commits(stream, 3);
    assertThat(stream.status().compactionError()).as("nothing was merged yet").isNotNull();
    bench.now = bench.now.plus(Duration.ofHours(3));
    Bench.await("merging works", () -> stream.status().compactionError() == null);
    prove(stream);
  }

  private void damageEverySegment() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("s"))) {
      for (Path file :
          files.filter(each -> each.getParent().getParent().endsWith("segments")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
