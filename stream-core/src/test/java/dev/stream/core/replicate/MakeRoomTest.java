package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.monitor.StatusFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where nothing can be written, what only waits to be merged goes from the shadow directory: all of
 * it, and nothing else.
 */
@Timeout(120)
final class MakeRoomTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private ScriptedCodec codec;
  private Replication stream;
  private final ScriptedReplica good = new ScriptedReplica();
  private final ScriptedReplica bad = new ScriptedReplica();

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    bench.compaction = List.of(Duration.ofHours(1));
    bench.sleeper = Bench.SHORT_PAUSES;
    codec = new ScriptedCodec();
    bench.codec = codec;
    database = new ModelDatabase(512, Bench.seed(0));
    stream = bench.start(folder.resolve("s"), database, good, bad);
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  /** Each commit a segment of its own, on both replicas. */
  private void commits(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      database.commit();
      stream.sync(Bench.SOON);
    }
  }

  /** The names of the segments in the shadow directory. */
  private Set<String> segments() {
    try (Stream<Path> files = Files.walk(folder.resolve("s"))) {
      Set<String> names = new TreeSet<>();
      files
          .filter(file -> file.getParent().getParent().endsWith("segments"))
          .forEach(file -> names.add(file.getFileName().toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      return Set.of("gone while it was looked at");
    }
  }

  /** Returns when the monitor has looked once more. */
  private void look() throws IOException {
    Path status = folder.resolve("s").resolve(StatusFile.NAME);
    Bench.await("the monitor", () -> Files.exists(status));
    Files.delete(status);
    bench.now = bench.now.plusSeconds(10);
    Bench.await("the monitor again", () -> Files.exists(status));
  }

  private void proveBoth() throws IOException {
    assertThat(stream.close()).isEmpty();
    for (ScriptedReplica replica : List.of(good, bad)) {
      assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
      assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    }
  }

  @Test
  void whereCommitsAreRefusedAllThatWaitsToBeMergedGoesAndNothingThatAReplicaLacks()
      throws Exception {
    commits(10);
    Set<String> everywhere = segments();
    bad.failure = Reason.UNAVAILABLE;
    for (int i = 0; i < 5; i++) {
      database.commit();
      database.deliver();
      Bench.await(
          "good has it", () -> stream.status().replicas().get(0).txId() == database.delivered);
    }
    Set<String> lacking = segments();
    assertThat(lacking).containsAll(everywhere);
    lacking.removeAll(everywhere);
    assertThat(everywhere).hasSize(10);
    assertThat(lacking).hasSize(5);
    database.failFrames = true;
    database.commit();
    try {
      database.deliver();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    assertThat(stream.status().capturing()).isFalse();
    look();
    look(); // the one before may have begun too early
    assertThat(segments()).isEqualTo(lacking);
    database.failFrames = false;
    bad.failure = null;
    stream.sync(Bench.SOON);
    proveBoth();
  }

  @Test
  void whereNothingCanBeSealedOnlyTheSegmentStaysFromWhichCaptureResumes() throws Exception {
    commits(10);
    String newest = ((TreeSet<String>) segments()).last();
    codec.refusal = new IOException("No space left on device");
    database.commitContent();
    database.deliver();
    Bench.await("sealing fails", () -> stream.status().captureError() != null);
    assertThat(stream.status().capturing()).isTrue();
    look();
    look(); // the one before may have begun too early
    assertThat(segments()).containsExactly(newest);
    codec.refusal = null;
    stream.sync(Bench.SOON);
    proveBoth();
  }

  @Test
  void whileCommitsAreTakenNothingIsGivenUp() throws Exception {
    commits(10);
    bad.failure = Reason.UNAVAILABLE;
    database.commit();
    database.deliver();
    Bench.await("a replica fails", () -> bench.count("failing r1") > 0);
    Bench.await("sealed", () -> segments().size() == 11);
    look();
    look();
    assertThat(segments()).hasSize(11);
    bad.failure = null;
    stream.sync(Bench.SOON);
    proveBoth();
  }
}
