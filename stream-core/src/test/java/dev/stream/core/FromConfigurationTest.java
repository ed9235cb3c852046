package dev.stream.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.Restorer;
import dev.stream.core.verify.ReplicaVerifier;
import dev.stream.core.verify.VerifyReport;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application does with a configuration and nothing else. */
final class FromConfigurationTest {

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final MemoryReplica store = MemoryReplica.create();

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
}
