package dev.stream.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.ConfigException;
import dev.stream.core.config.RestoreConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import dev.stream.testkit.replica.MemoryReplicaConfig;
import dev.stream.testkit.replica.MemoryReplicaProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The observer as a source in the commit path calls it. */
@Timeout(60)
final class ObserverTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final String store = "observer-" + UUID.randomUUID();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private Path file;

  private final StreamListener listener =
      new StreamListener() {
        @Override
        public void onEvent(StreamEvent event) {
          if (event instanceof StreamEvent.GenerationBegan it) {
            events.add("generation " + it.generation() + " " + it.reason());
          } else if (event instanceof StreamEvent.Notice it) {
            events.add("notice " + it.message());
            throw new IllegalStateException("a listener that fails harms nothing");
          }
        }
      };

  @BeforeEach
  void createDatabase() throws IOException {
    file = folder.resolve("app.toy");
    ToyDatabase.create(file);
  }

  @AfterEach
  void dropStore() {
    MemoryReplica.drop(store);
  }

  /** A configuration whose replica is yet to be added. */
  private StreamConfigBuilder unreplicated() throws IOException {
    return StreamConfig.builder()
        .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
        .database(toys, new ToyDatabase.Config(file))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(10))
        .closeTimeout(Duration.ofSeconds(10))
        .compression("none")
        .restore(true);
  }

  private StreamConfigBuilder config() throws IOException {
    return unreplicated()
        .replica("r0", new MemoryReplicaProvider(), new MemoryReplicaConfig(store));
  }

  private Observer observer() throws IOException {
    return Observer.of(config().build(), listener);
  }

  private ToyDatabase open() throws IOException {
    return (ToyDatabase) toys.open(new ToyDatabase.Config(file));
  }

  /** Captures some commits; the bytes after them. */
  private byte[] captured(Observer observer, int commits) throws Exception {
    observer.opening(toys, null);
    ToyDatabase database = open();
    AutoCloseable capture = observer.opened(database);
    for (int i = 0; i < commits; i++) {
      database.commit();
    }
    Objects.requireNonNull(observer.controller()).sync(SOON);
    capture.close();
    return Files.readAllBytes(file);
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(each -> each.toString().contains("defective")).sorted().toList();
    }
  }

  @Test
  void needsADatabaseInTheConfiguration() throws Exception {
    StreamConfig without =
        StreamConfig.builder()
            .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
            .shadowDir(folder.resolve("shadow"))
            .compression("none")
            .replica("r0", MemoryReplica.create())
            .build();
    assertThatThrownBy(() -> Observer.of(without)).isInstanceOf(ConfigException.class);
    assertThat(observer().path()).isEqualTo(file);
  }

  @Test
  void capturesEachTimeTheDatabaseIsOpenAndTheGenerationGoesOn() throws Exception {
    Observer observer = observer();
    assertThat(observer.controller()).isNull();
    StreamController former = null;
    for (int time = 0; time < 3; time++) {
      observer.opening(toys, null);
      ToyDatabase database = open();
      AutoCloseable capture = observer.opened(database);
      StreamController controller = Objects.requireNonNull(observer.controller());
      assertThat(controller).isNotSameAs(former);
      former = controller;
      database.commit();
      controller.sync(SOON);
      assertThat(controller.status().generationReason())
          .startsWith(time == 0 ? "there is no earlier state" : "resumed:");
      capture.close();
      assertThat(database.closed).isTrue();
      assertThat(observer.controller()).isNull();
    }
    byte[] expected = Files.readAllBytes(file);
    Files.delete(file);
    observer.opening(toys, null);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    assertThat(events)
        .anyMatch(each -> each.contains(file + " was missing and is restored from r0"));
  }

  @Test
  void leavesADatabaseMissingThatWasNeverCaptured() throws Exception {
    Files.delete(file);
    observer().opening(toys, null);
    assertThat(file).doesNotExist();
    assertThat(events).isEmpty();
  }

  @Test
  void leavesAMissingDatabaseMissingIfRestoringIsNotEnabled() throws Exception {
    byte[] unused = captured(observer(), 2);
    Files.delete(file);
    Observer.of(config().restore(false).build(), listener).opening(toys, null);
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesToCaptureTwiceAtATime() throws Exception {
    Observer observer = observer();
    ToyDatabase first = open();
    AutoCloseable capture = observer.opened(first);
    ToyDatabase second = open();
    assertThatThrownBy(() -> observer.opened(second))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " captures already");
    assertThat(second.closed).isTrue();
    assertThat(first.closed).isFalse();
    first.commit();
    Objects.requireNonNull(observer.controller()).sync(SOON);
    capture.close();
  }

  @Test
  void aFailedStartClosesTheDatabaseAndLeavesTheObserverUsable() throws Exception {
    Observer observer = observer();
    Observer other = observer();
    AutoCloseable capture = other.opened(open()); // it holds the shadow directory
    ToyDatabase database = open();
    assertThatThrownBy(() -> observer.opened(database))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is in use");
    assertThat(database.closed).isTrue();
    assertThat(observer.controller()).isNull();
    capture.close();
    byte[] unused = captured(observer, 1);
  }

  @Test
  void keepsADefectiveFileBesideTheRestoredOne() throws Exception {
    byte[] expected = captured(observer(), 5);
    Path journal = folder.resolve("app.toy-log");
    for (int time = 1; time <= 2; time++) {
      Files.writeString(file, "torn " + time);
      Files.writeString(journal, "journal " + time);
      observer().opening(toys, "its header is torn");
      assertThat(Files.readAllBytes(file)).isEqualTo(expected);
      assertThat(journal).doesNotExist();
      assertThat(kept()).hasSize(2 * time);
    }
    List<String> contents = new CopyOnWriteArrayList<>();
    for (Path each : kept()) {
      assertThat(each.getFileName().toString())
          .matches("app\\.toy(-log)?\\.defective-\\d{8}T\\d{6}Z(-2)?");
      contents.add(Files.readString(each));
      assertThat(events).anyMatch(e -> e.contains("kept as " + each));
    }
    assertThat(contents).containsExactlyInAnyOrder("torn 1", "torn 2", "journal 1", "journal 2");
    assertThat(events)
        .anyMatch(
            e -> e.contains(file + " was defective (its header is torn) and is restored from r0"));
    assertThat(captured(observer(), 1)).isNotEqualTo(expected);
    assertThat(events.get(events.size() - 1)).contains("resumed: the database's content");
  }

  @Test
  void leavesADefectiveFileIfThereIsNothingToRestore() throws Exception {
    Files.writeString(file, "torn");
    observer().opening(toys, "its header is torn");
    assertThat(Files.readString(file)).isEqualTo("torn");
    assertThat(kept()).isEmpty();
    assertThat(events)
        .singleElement()
        .asString()
        .contains(file + " is defective (its header is torn), and no replica has anything");
  }

  @Test
  void leavesADefectiveFileIfRestoringIsNotEnabled() throws Exception {
    byte[] unused = captured(observer(), 2);
    events.clear();
    Files.writeString(file, "torn");
    Observer.of(config().restore(false).build(), listener).opening(toys, "its header is torn");
    assertThat(Files.readString(file)).isEqualTo("torn");
    assertThat(events)
        .singleElement()
        .asString()
        .contains(file + " is defective (its header is torn)")
        .contains("\"restore\" is not enabled");
  }

  @Test
  void leavesADefectiveFileIfAnotherOneIsRestored() throws Exception {
    byte[] expected = captured(observer(), 2);
    events.clear();
    Files.writeString(file, "torn");
    Path copy = folder.resolve("copy.toy");
    Observer.of(config().restore(new RestoreConfig(true, copy, null)).build(), listener)
        .opening(toys, "its header is torn");
    assertThat(Files.readString(file)).isEqualTo("torn");
    assertThat(kept()).isEmpty();
    assertThat(Files.readAllBytes(copy)).isEqualTo(expected);
    assertThat(events)
        .anyMatch(e -> e.contains(copy + " was missing and is restored"))
        .anyMatch(
            e ->
                e.contains(file + " is defective (its header is torn)")
                    && e.contains("restore.targetPath has another file restored, " + copy));
    Files.writeString(copy, "what is there stays");
    Observer.of(config().restore(new RestoreConfig(true, copy, null)).build(), listener)
        .opening(toys, "its header is torn");
    assertThat(Files.readString(copy)).isEqualTo("what is there stays");
    assertThat(Files.readString(file)).isEqualTo("torn");
  }

  @Test
  void leavesADefectiveFileWhereItIsIfRestoringFailsAndSaysWhatToDo() throws Exception {
    byte[] unused = captured(observer(), 2);
    Files.writeString(file, "torn");
    Files.writeString(folder.resolve("app.toy-log"), "journal");
    Observer failing =
        Observer.of(
            unreplicated()
                .replica("r0", FaultyReplica.over(MemoryReplica.open(store)).down())
                .shadowDir(folder.resolve("fresh"))
                .build(),
            listener);
    assertThatThrownBy(() -> failing.opening(toys, "its header is torn"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is defective (its header is torn) and could not be restored")
        .hasMessageContaining("r0")
        .hasMessageContaining("It is where it was")
        .hasMessageContaining("start again");
    assertThat(Files.readString(file)).isEqualTo("torn");
    assertThat(Files.readString(folder.resolve("app.toy-log"))).isEqualTo("journal");
    assertThat(kept()).isEmpty();
    Observer again = Observer.of(config().build(), listener);
    again.opening(toys, "its header is torn"); // holds nothing that the first one left
    assertThat(kept()).hasSize(2);
  }
}
