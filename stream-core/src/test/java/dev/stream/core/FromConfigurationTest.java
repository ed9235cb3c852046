package dev.stream.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.operate.ReplicaPins;
import dev.stream.core.operate.ReplicaPruning;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.replicate.Bench;
import dev.stream.core.restore.Restorer;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.verify.ReplicaVerifier;
import dev.stream.core.verify.VerifyReport;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application does with a configuration and nothing else. */
final class FromConfigurationTest {

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final MemoryReplica store = MemoryReplica.create();
  private volatile Instant now = Instant.now().minus(Duration.ofDays(30));
  private final Clock clock = new SuppliedClock(() -> now);

  private StreamConfig config() throws IOException {
    return StreamConfig.builder()
        .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
        .database(toys, new ToyDatabase.Config(folder.resolve("app.toy")))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(10))
        .compression("none")
        .replica("down", FaultyReplica.over(store.another()).down())
        .replica("r0", store.another())
        .build();
  }

  @Test
  void restoresAndVerifiesWhatItReplicates() throws Exception {
    Path file = folder.resolve("app.toy");
    ToyDatabase.create(file);
    StreamController stream =
        StreamController.enable(
            StreamConfig.builder()
                .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
                .database(toys, new ToyDatabase.Config(file))
                .shadowDir(folder.resolve("shadow"))
                .syncInterval(Duration.ofMillis(10))
                .compression("none")
                .replica("r0", store.another())
                .build());
    for (int i = 0; i < 5; i++) {
      Objects.requireNonNull(toys.last).commit();
    }
    assertThat(stream.closeAndReport()).isEmpty();

    Path restored = folder.resolve("restored.toy");
    assertThat(Restorer.builder(config(), restored).build().restore().replica()).isEqualTo("r0");
    assertThat(Files.readAllBytes(restored)).isEqualTo(Files.readAllBytes(file));

    ReplicaConfig replica = config().replicas().get(1);
    VerifyReport report = ReplicaVerifier.verify(replica);
    assertThat(report.ok()).isTrue();
    assertThat(report.replica()).isEqualTo("r0");
  }

  @Test
  void pinsAStateAndDeletesWhatRetentionDoesNotKeep() throws Exception {
    Path file = folder.resolve("app.toy");
    ToyDatabase.create(file);
    MemoryReplica old = MemoryReplica.create(clock);
    PinDescriptor pin;
    byte[] pinned;
    try (StreamController stream =
        StreamController.builder().config(config(old)).clock(clock).build()) {
      stream.start();
      commit(stream);
      pinned = Files.readAllBytes(file);
      pin = ReplicaPins.pin(replica(old), "before-upgrade", RestoreTarget.NEWEST);
      commit(stream);
      commit(stream);
      stream.snapshotNow();
      Bench.await("the second snapshot is stored", () -> snapshots(old) == 2);
      commit(stream); // which makes the snapshot a day old
    }
    byte[] newest = Files.readAllBytes(file);

    assertThat(ReplicaPruning.prune(replica(old), config(old).retention()).objects()).isPositive();
    assertThat(ReplicaPruning.prune(replica(old), config(old).retention()).objects()).isZero();
    Path restored = folder.resolve("restored.toy");
    Restorer.builder(config(old), restored).build().restore();
    assertThat(Files.readAllBytes(restored)).isEqualTo(newest);
    Restorer restorer =
        Restorer.builder(config(old), restored)
            .state(new RestoreTarget.Pin("before-upgrade"))
            .force(true)
            .build();
    assertThat(restorer.restore().txId()).isEqualTo(pin.txId());
    assertThat(Files.readAllBytes(restored)).isEqualTo(pinned);

    assertThat(ReplicaPins.unpin(replica(old), "before-upgrade")).containsExactly(pin);
    assertThat(ReplicaPruning.prune(replica(old), config(old).retention()).objects()).isPositive();
    assertThat(ReplicaPins.unpin(replica(old), "before-upgrade")).isEmpty();
  }

  private static int snapshots(MemoryReplica store) {
    try {
      return new ReplicaArchive(store.another())
          .list().generations().stream()
              .mapToInt(generation -> generation.snapshots().size())
              .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void commit(StreamController stream) throws Exception {
    now = now.plus(Duration.ofDays(1));
    Objects.requireNonNull(toys.last).commit();
    stream.sync(Duration.ofSeconds(20));
  }

  private StreamConfig config(MemoryReplica only) throws IOException {
    return StreamConfig.builder()
        .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
        .database(toys, new ToyDatabase.Config(folder.resolve("app.toy")))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(10))
        .compression("none")
        .retention(
            new RetentionConfig(
                Duration.ofHours(1), Duration.ofDays(1), List.of(Duration.ofHours(1))))
        .replica("r0", only.another())
        .build();
  }

  private ReplicaConfig replica(MemoryReplica only) throws IOException {
    return config(only).replicas().get(0);
  }
}
