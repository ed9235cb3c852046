package dev.stream.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.OnUnreachable;
import dev.stream.core.config.RestoreConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.RestoreOutcome;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application calls before it opens its database. */
final class RestoreIfMissingTest {

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final MemoryReplica store = MemoryReplica.create();
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("app.toy");
  }

  private StreamConfigBuilder config() throws IOException {
    return config(FaultyReplica.over(store.another()));
  }

  private StreamConfigBuilder config(FaultyReplica replica) throws IOException {
    return StreamConfig.builder()
        .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
        .database(toys, new ToyDatabase.Config(file))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(10))
        .compression("none")
        .replica("r0", replica);
  }

  private byte[] replicated() throws IOException {
    ToyDatabase.create(file);
    StreamController stream = StreamController.enable(config().build());
    for (int i = 0; i < 5; i++) {
      Objects.requireNonNull(toys.last).commit();
    }
    assertThat(stream.closeAndReport()).isEmpty();
    return Files.readAllBytes(file);
  }

  @Test
  void aMissingDatabaseIsRestored() throws Exception {
    byte[] expected = replicated();
    Files.delete(file);
    assertThat(StreamController.restoreIfMissing(config().build()))
        .isEqualTo(RestoreOutcome.RESTORED);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    try (StreamController stream = StreamController.enable(config().build())) {
      Objects.requireNonNull(toys.last).commit();
      stream.sync(Duration.ofSeconds(30));
    }
  }

  @Test
  void commitsThatNoReplicaHasComeFromTheShadowDirectory() throws Exception {
    ToyDatabase.create(file);
    StreamController stream = StreamController.enable(config().build());
    Objects.requireNonNull(toys.last).commit();
    stream.sync(Duration.ofSeconds(30));
    stream.close();
    StreamController lagging =
        StreamController.enable(
            config(FaultyReplica.over(store.another()).down())
                .closeTimeout(Duration.ofMillis(1))
                .build());
    Objects.requireNonNull(toys.last).commit();
    lagging.close();
    byte[] expected = Files.readAllBytes(file);
    Files.delete(file);
    assertThat(StreamController.restoreIfMissing(config().build()))
        .isEqualTo(RestoreOutcome.RESTORED);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  @Test
  void aDatabaseThatIsThereIsLeftAsItIs() throws Exception {
    var unused = replicated();
    Files.writeString(file, "something else");
    assertThat(StreamController.restoreIfMissing(config().build()))
        .isEqualTo(RestoreOutcome.EXISTS);
    assertThat(file).hasContent("something else");
  }

  @Test
  void whereNothingWasEverReplicatedTheApplicationBegins() throws Exception {
    assertThat(StreamController.restoreIfMissing(config().build()))
        .isEqualTo(RestoreOutcome.NOTHING_THERE);
    assertThat(file).doesNotExist();
    Files.createFile(file);
    assertThat(StreamController.restoreIfMissing(config().build()))
        .isEqualTo(RestoreOutcome.EXISTS);
  }

  @Test
  void aReplicaThatCannotBeAskedLeavesItInDoubt() throws Exception {
    StreamConfigBuilder unreachable = config(FaultyReplica.over(store.another()).down());
    assertThatThrownBy(() -> StreamController.restoreIfMissing(unreachable.build()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("It is not known whether there is a backup");
    assertThat(file).doesNotExist();
    StreamConfig start =
        unreachable.restore(new RestoreConfig(true, null, null, OnUnreachable.START)).build();
    assertThat(StreamController.restoreIfMissing(start)).isEqualTo(RestoreOutcome.NOTHING_THERE);
  }

  @Test
  void anEmptyFileInThePlaceOfABackupIsRefused() throws Exception {
    var unused = replicated();
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> StreamController.restoreIfMissing(config().build()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no byte, but there is a backup");
    assertThat(file).isEmptyFile();
  }
}
