package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.replicate.Bench;
import dev.stream.core.replicate.ForwardingReplica;
import dev.stream.core.replicate.ModelDatabase;
import dev.stream.core.replicate.PlainRestore;
import dev.stream.core.replicate.Replication;
import dev.stream.core.replicate.ScriptedReplica;
import dev.stream.core.state.GenerationId;
import dev.stream.core.upload.WrittenGeneration.Claim;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One small object instead of a listing: what it costs, and that nobody is missed for it. */
@Timeout(120)
final class WrittenGenerationTest {

  @TempDir Path folder;
  private final Bench bench = new Bench();
  private final ScriptedReplica replica = new ScriptedReplica();

  WrittenGenerationTest() throws Exception {}

  @AfterEach
  void stop() {
    bench.stop();
  }

  private Replication start(String name, ModelDatabase database) throws Exception {
    bench.sleeper = Bench.SHORT_PAUSES;
    Replication stream = bench.start(folder.resolve(name), database, replica);
    database.commit();
    stream.sync(Bench.SOON);
    return stream;
  }

  private static ModelDatabase copy(ModelDatabase database) {
    ModelDatabase copy = new ModelDatabase(512, 1);
    copy.put(database.bytes());
    return copy;
  }

  private static boolean isTold(Replication stream) {
    return stream.status().problems().toString().contains("another Stream writes to replica r0");
  }

  private void silence() {
    bench.now = bench.now.plusMillis(5200);
  }

  private GenerationListing newest() throws Exception {
    return PlainRestore.listing(replica).newest().orElseThrow();
  }

  @Test
  void aLookBeforeAStoreIsOneReadHoweverMuchIsThere() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    Replication stream = start("a", database);
    assertThat(text()).contains(newest().id().value());
    Bench.await("read again after the first store", () -> replica.looks.get() >= 3);
    int listings = replica.listings.get();
    int looks = replica.looks.get();
    silence();
    database.commit();
    stream.sync(Bench.SOON);
    assertThat(replica.looks.get()).isEqualTo(looks + 1);
    assertThat(replica.listings.get()).isEqualTo(listings);
    assertThat(stream.close()).isEmpty();
  }

  private String text() {
    return new String(replica.objects.get(WrittenGeneration.KEY), StandardCharsets.UTF_8);
  }

  @Test
  void whoWasTakenOverASecondAgoIsToldBeforeItStoresAnything() throws Exception {
    ModelDatabase first = new ModelDatabase(512, Bench.seed(0));
    Replication old = start("a", first);
    bench.now = bench.now.plusSeconds(1);
    ModelDatabase second = copy(first);
    Replication taker = start("b", second);
    var before = replica.objects.keySet().stream().toList();
    bench.now = bench.now.plusSeconds(1);
    first.commit();
    first.deliver();
    Bench.await("told", () -> isTold(old));
    assertThat(replica.objects.keySet()).containsExactlyElementsOf(before);
    assertThat(isTold(taker)).isFalse();
  }

  @Test
  void aWriterThatLeavesTheObjectAsItIsIsMetByTheNextCheck() throws Exception {
    bench.checkInterval = Duration.ofHours(1);
    ModelDatabase first = new ModelDatabase(512, Bench.seed(0));
    Replication old = start("a", first);
    byte[] line = replica.objects.get(WrittenGeneration.KEY);
    bench.now = bench.now.plusSeconds(1);
    Replication taker = start("b", copy(first));
    assertThat(taker.close()).isEmpty();
    replica.objects.put(WrittenGeneration.KEY, line); // as an early version would have left it
    bench.now = bench.now.plus(bench.checkInterval);
    Bench.await("told", () -> isTold(old));
  }

  @Test
  void theOneWhoseNameIsWrittenOverInTheSameMomentWritesItAgain() throws Exception {
    ModelDatabase first = new ModelDatabase(512, Bench.seed(0));
    Replication old = start("a", first);
    byte[] line = replica.objects.get(WrittenGeneration.KEY);
    bench.now = bench.now.plusSeconds(1);
    CountDownLatch gate = new CountDownLatch(1);
    ModelDatabase second = copy(first);
    bench.start(folder.resolve("b"), second, gated(gate));
    Bench.await("the second has written its name", () -> !text().equals(text(line)));
    replica.objects.put(WrittenGeneration.KEY, line); // the first one's, which took long
    gate.countDown();
    Bench.await("written again", () -> !text().equals(text(line)));
    silence();
    first.commit();
    first.deliver();
    Bench.await("told", () -> isTold(old));
  }

  private static String text(byte[] line) {
    return new String(line, StandardCharsets.UTF_8);
  }

  /** The replica, which stores artefacts only when a gate is open. */
  private ForwardingReplica gated(CountDownLatch gate) {
    return new ForwardingReplica(replica) {
      @Override
      public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
        return super.create(key, body);
      }
    };
  }

  @Test
  void whereItCannotBeWrittenEveryLookIsAListing() throws Exception {
    replica.refused = key -> key.equals(WrittenGeneration.KEY);
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    Replication stream = start("a", database);
    int listings = replica.listings.get();
    silence();
    database.commit();
    stream.sync(Bench.SOON);
    assertThat(replica.listings.get()).isEqualTo(listings + 1);
    assertThat(bench.count("failing")).isZero();
    assertThat(stream.close()).isEmpty();
  }

  @Test
  void aLaterGenerationIsWaitedForAnHour() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    Replication stream = start("a", database);
    assertThat(stream.close()).isEmpty();
    var mine = newest().id();
    var later = GenerationId.next(bench.clock, new Random(1), mine);
    replica.put(
        WrittenGeneration.KEY,
        ObjectBody.of(("{\"generation\": \"" + later + "\"}").getBytes(StandardCharsets.UTF_8)));
    assertThat(WrittenGeneration.claim(replica, mine, bench.now.plusSeconds(3599)))
        .isEqualTo(Claim.REFUSED);
    assertThat(WrittenGeneration.isStill(replica, mine)).isFalse();
    assertThat(WrittenGeneration.claim(replica, mine, bench.now.plusSeconds(3602)))
        .isEqualTo(Claim.TAKEN);
    assertThat(WrittenGeneration.claim(replica, mine, bench.now)).isEqualTo(Claim.HELD);
    assertThat(WrittenGeneration.isStill(replica, mine)).isTrue();
    replica.failure = Reason.UNAVAILABLE;
    assertThat(WrittenGeneration.claim(replica, mine, bench.now)).isEqualTo(Claim.REFUSED);
  }
}
