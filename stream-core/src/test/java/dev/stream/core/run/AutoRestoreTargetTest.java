package dev.stream.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.StreamController;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.RestoreConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code restore.targetPath} and {@code restore.tempDir}, as the start obeys them. */
@Timeout(60)
final class AutoRestoreTargetTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final MemoryReplica store = MemoryReplica.create();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private Path file;
  private Path copy;

  private final StreamListener listener =
      new StreamListener() {
        @Override
        public void onEvent(StreamEvent event) {
          if (event instanceof StreamEvent.GenerationBegan it) {
            events.add("generation " + it.reason());
          } else if (event instanceof StreamEvent.Notice it) {
            events.add("notice " + it.message());
          }
        }
      };

  @BeforeEach
  void createDatabase() throws IOException {
    file = folder.resolve("app.toy");
    copy = folder.resolve("copy.toy");
    ToyDatabase.create(file);
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

  private StreamController start(StreamConfigBuilder config) throws IOException {
    StreamController stream =
        StreamController.builder()
            .config(config.build())
            .listener(listener)
            .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
            .build();
    stream.start();
    return stream;
  }

  private void commit(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      Objects.requireNonNull(toys.last).commit();
    }
  }

  /** Commits, and sends everything; the bytes then. */
  private byte[] captured(int commits) throws IOException {
    StreamController stream = start(config());
    commit(commits);
    assertThat(stream.closeAndReport()).isEmpty();
    events.clear();
    return Files.readAllBytes(file);
  }

  private static RestoreConfig to(Path target) {
    return new RestoreConfig(true, target, null);
  }

  @Test
  void anotherFileIsRestoredIfItIsMissingAndTheDatabaseGoesOn() throws Exception {
    byte[] expected = captured(7);
    Path temp = Files.createDirectory(folder.resolve("temp"));
    Path abandoned = Files.createFile(temp.resolve(".copy.toy.restore-99999999999-0000beef"));
    StreamController stream = start(config().restore(new RestoreConfig(true, copy, temp)));
    assertThat(Files.readAllBytes(copy)).isEqualTo(expected);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    assertThat(abandoned).doesNotExist();
    assertThat(events)
        .anyMatch(each -> each.contains(copy + " was missing and is restored from r0"))
        .anyMatch(each -> each.startsWith("generation resumed"));
    commit(2);
    assertThat(stream.closeAndReport()).isEmpty();
    Files.writeString(copy, "what is there stays");
    start(config().restore(to(copy))).close();
    assertThat(Files.readString(copy)).isEqualTo("what is there stays");
  }

  @Test
  void theDatabaseIsNotRestoredWhileAnotherFileIsNamed() throws Exception {
    byte[] expected = captured(3);
    Files.delete(file);
    assertThatThrownBy(() -> start(config().restore(to(copy))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is missing");
    assertThat(file).doesNotExist();
    assertThat(Files.readAllBytes(copy)).isEqualTo(expected);
    assertThatThrownBy(
            () -> start(config().restore(new RestoreConfig(false, folder.resolve("no"), null))))
        .hasMessageContaining(file + " is missing");
    assertThat(folder.resolve("no")).doesNotExist();
  }

  @Test
  void theDatabasesOwnPathIsAsIfNotSaid() throws Exception {
    byte[] expected = captured(3);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    for (Path same : List.of(file, folder.resolve("x/../app.toy"), link.resolve("app.toy"))) {
      Files.delete(file);
      start(config().restore(to(same))).close();
      assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    }
  }

  @Test
  void whatTheShadowDirectoryHoldsBeyondTheCopyStaysWhereTheDatabaseGoesOn() throws Exception {
    byte[] unused = captured(3);
    StreamController stream =
        start(
            config(FaultyReplica.over(store.another()).down())
                .closeTimeout(Duration.ofMillis(100)));
    commit(4);
    assertThat(stream.closeAndReport()).isNotEmpty();
    byte[] expected = Files.readAllBytes(file);
    events.clear();
    stream = start(config().restore(to(copy)));
    assertThat(Files.readAllBytes(copy)).isEqualTo(expected);
    assertThat(events).anyMatch(each -> each.startsWith("generation resumed"));
    stream.sync(SOON);
    assertThat(stream.closeAndReport()).isEmpty();
  }

  @Test
  void aGenerationThatTheCopyCannotHaveIsNotSetAside() throws Exception {
    byte[] expected = captured(3);
    ToyDatabase.create(file); // so that the next start begins a generation
    Objects.requireNonNull(toys.last).commit();
    Path shadow = folder.resolve("shadow");
    dev.stream.core.replicate.KnownPages.forget(shadow);
    StreamController stream =
        start(
            config(FaultyReplica.over(store.another()).down())
                .closeTimeout(Duration.ofMillis(500)));
    commit(2);
    assertThat(stream.closeAndReport()).isNotEmpty();
    try (Stream<Path> all = Files.walk(shadow)) {
      for (Path each : all.filter(path -> path.toString().contains("/snapshots/")).toList()) {
        Files.delete(each);
      }
    }
    stream = start(config().restore(to(copy)));
    stream.sync(SOON);
    assertThat(stream.closeAndReport()).isEmpty();
    assertThat(Files.readAllBytes(copy)).isEqualTo(expected);
    assertThat(shadow.resolve("kept")).doesNotExist();
  }

  @Test
  void aJournalOfTheDatabaseIsNoTarget() throws Exception {
    byte[] unused = captured(2);
    Path journal = folder.resolve("app.toy-log");
    assertThatThrownBy(() -> start(config().restore(to(journal))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("restore.targetPath is " + journal)
        .hasMessageContaining("belongs to the database " + file);
    assertThat(journal).doesNotExist();
  }

  @Test
  void aFailureSaysThatTheDatabaseIsAsItWasAndWhatToDo() throws Exception {
    byte[] expected = captured(2);
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> start(config().restore(new RestoreConfig(true, copy, none))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(copy + ", which restore.targetPath names, is missing")
        .hasMessageContaining("mkdir -p " + none)
        .hasMessageContaining("The database is as it was");
    assertThat(copy).doesNotExist();
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    start(config()).close(); // nothing is held
  }
}
