package dev.stream.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectListing;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.replicate.KnownPages;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The controller as an application uses it. */
@Timeout(60)
final class StreamControllerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final MemoryReplica store = MemoryReplica.create();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private Path file;

  private final StreamListener listener =
      new StreamListener() {
        @Override
        public void onEvent(StreamEvent event) {
          if (event instanceof StreamEvent.GenerationBegan it) {
            events.add("generation " + it.reason());
          } else if (event instanceof StreamEvent.ReplicaFailing it) {
            events.add("failing " + it.replica());
            throw new IllegalStateException("a listener that fails harms nothing");
          } else if (event instanceof StreamEvent.ReplicaRecovered it) {
            events.add("recovered " + it.replica());
          } else if (event instanceof StreamEvent.DataLossWindowExceeded it) {
            events.add(
                "lag "
                    + it.replica()
                    + (it.window().compareTo(it.threshold()) > 0 ? "" : " too early"));
          } else if (event instanceof StreamEvent.DataLossWindowRecovered it) {
            events.add("caught up " + it.replica());
          } else if (event instanceof StreamEvent.Notice it) {
            events.add("notice " + it.message());
          }
        }
      };

  @BeforeEach
  void createDatabase() throws IOException {
    file = folder.resolve("app.toy");
    ToyDatabase.create(file);
  }

  @AfterEach
  void noThreadIsLeft() {
    await("all threads ended", () -> threads().isEmpty());
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("stream-"))
        .toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + SOON + ": " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
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

  /** A connection of its own to the one store. */
  private FaultyReplica replica() {
    return FaultyReplica.over(store.another());
  }

  private StreamController start(StreamConfig config) throws IOException {
    StreamController stream =
        StreamController.builder()
            .config(config)
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

  private Set<String> generations() throws IOException {
    Set<String> found = new TreeSet<>();
    try (ObjectListing listing = store.list("")) {
      while (listing.hasNext()) {
        ObjectInfo info = listing.next();
        if (info.key().value().contains("/")) { // the mark of the replica is beside them
          found.add(info.key().value().substring(0, info.key().value().indexOf('/')));
        }
      }
    }
    return found;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path each : walk.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else if (!each.getFileName().toString().equals("lock")) {
          Files.copy(each, target);
        }
      }
    }
  }

  @Test
  void aBuilderWithoutAConfigurationSaysSo() {
    assertThatThrownBy(() -> StreamController.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs a configuration");
  }

  @Test
  void startsOnceAndClosesAnyNumberOfTimes() throws Exception {
    StreamController stream = StreamController.builder().config(config(replica()).build()).build();
    assertThatThrownBy(stream::status).hasMessageContaining("not started");
    stream.start();
    assertThatThrownBy(stream::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("once only");
    commit(3);
    stream.sync(SOON);
    assertThat(stream.dataLossWindow("r0")).isLessThan(SOON);
    assertThatThrownBy(() -> stream.dataLossWindow("r9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("r9")
        .hasMessageContaining("r0");
    assertThat(threads()).isNotEmpty();
    assertThat(stream.closeAndReport()).isEmpty();
    assertThat(threads()).as("right after close").isEmpty();
    assertThat(stream.closeAndReport()).isEmpty();
    stream.close();
    assertThatThrownBy(stream::start).hasMessageContaining("once only");
  }

  @Test
  void oneThatWasNeverStartedClosesToo() throws Exception {
    StreamController stream = StreamController.builder().config(config(replica()).build()).build();
    stream.close();
    stream.close();
    assertThatThrownBy(stream::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMissingDatabaseIsAnErrorThatHoldsNothing() throws Exception {
    Files.delete(file);
    for (boolean restore : new boolean[] {false, true}) {
      assertThatThrownBy(() -> start(config(replica()).restore(restore).build()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file + " is missing");
      assertThat(file).doesNotExist();
    }
    ToyDatabase.create(file);
    StreamController stream = start(config(replica()).build());
    commit(1);
    assertThat(stream.closeAndReport()).isEmpty();
  }

  @Test
  void aMissingDatabaseIsRestoredToTheByteAndTheGenerationGoesOn() throws Exception {
    StreamController stream = start(config(replica()).build());
    commit(7);
    assertThat(stream.closeAndReport()).isEmpty();
    byte[] expected = Files.readAllBytes(file);
    Files.delete(file);
    stream = start(config(replica()).restore(true).build());
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    assertThat(events)
        .anyMatch(each -> each.contains(file + " was missing and is restored from r0"));
    commit(2);
    assertThat(stream.closeAndReport()).isEmpty();
    assertThat(generations()).hasSize(1);
  }

  @Test
  void commitsThatNoReplicaHasYetAreRestoredFromTheShadowDirectory() throws Exception {
    FaultyReplica replica = replica();
    StreamController stream =
        start(
            config(replica)
                .syncInterval(Duration.ofHours(1))
                .closeTimeout(Duration.ofMillis(50))
                .build());
    commit(3);
    stream.sync(SOON);
    replica.down();
    commit(3);
    assertThatThrownBy(() -> stream.sync(Duration.ofMillis(300))).isInstanceOf(IOException.class);
    commit(2); // these are in the active log
    byte[] expected = Files.readAllBytes(file);
    Path killed = folder.resolve("killed");
    copy(folder.resolve("shadow"), killed);
    assertThat(stream.closeAndReport()).isNotEmpty();
    try (Stream<Path> logs = Files.list(killed.resolve("active"))) {
      assertThat(logs).isNotEmpty();
    }
    Files.delete(file);
    StreamController second = start(config(replica()).shadowDir(killed).restore(true).build());
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    commit(1);
    second.sync(SOON);
    assertThat(second.closeAndReport()).isEmpty();
    assertThat(generations()).as("what was sealed went up too, so it is one chain").hasSize(1);
    byte[] newest = Files.readAllBytes(file);
    Files.delete(file);
    StreamController third =
        start(config(replica()).shadowDir(folder.resolve("fresh")).restore(true).build());
    assertThat(Files.readAllBytes(file)).isEqualTo(newest);
    third.close();
  }

  @Test
  void aDatabaseThatReachedNoReplicaIsRestoredFromTheShadowDirectoryAlone() throws Exception {
    StreamController stream =
        start(config(replica().down()).closeTimeout(Duration.ofMillis(500)).build());
    commit(4);
    await(
        "a snapshot and the segments",
        () -> stream.status().replicas().get(0).pendingArtefacts() >= 2);
    assertThat(stream.closeAndReport()).isNotEmpty();
    byte[] expected = Files.readAllBytes(file);
    Files.delete(file);
    StreamController second =
        start(config(replica().down()).restore(true).closeTimeout(Duration.ofMillis(50)).build());
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    second.close();
  }

  @Test
  void whatCannotBeAppliedIsKeptAndSaid() throws Exception {
    StreamController stream = start(config(replica()).build());
    commit(3);
    assertThat(stream.closeAndReport()).isEmpty();
    byte[] restorable = Files.readAllBytes(file);
    ToyDatabase.create(file); // so that the next start begins a generation
    Objects.requireNonNull(toys.last).commit();
    Path shadow = folder.resolve("shadow");
    KnownPages.forget(shadow);
    stream = start(config(replica().down()).closeTimeout(Duration.ofMillis(500)).build());
    commit(2);
    assertThat(stream.closeAndReport()).isNotEmpty();
    String newest;
    try (Stream<Path> all = Files.list(shadow)) {
      newest =
          all.map(each -> each.getFileName().toString())
              .filter(name -> name.matches("[0-9a-f]{16}-[0-9a-f]{8}"))
              .max(String::compareTo)
              .orElseThrow();
    }
    assertThat(generations()).doesNotContain(newest);
    try (Stream<Path> snapshots = Files.list(shadow.resolve(newest).resolve("snapshots"))) {
      for (Path snapshot : snapshots.toList()) {
        Files.delete(snapshot);
      }
    }
    Files.delete(file);
    stream = start(config(replica()).restore(true).build());
    assertThat(Files.readAllBytes(file)).isEqualTo(restorable);
    stream.sync(SOON);
    assertThat(stream.closeAndReport()).isEmpty();
    Path kept = shadow.resolve("kept").resolve(newest);
    try (Stream<Path> files = Files.walk(kept)) {
      assertThat(files.filter(Files::isRegularFile)).isNotEmpty();
    }
    assertThat(events)
        .anyMatch(
            each ->
                each.contains(newest)
                    && each.contains("could not be applied")
                    && each.contains(kept.toString()));
  }

  @Test
  void syncSaysWhatIsMissingWhere() throws Exception {
    FaultyReplica replica = replica().down();
    StreamController stream = start(config(replica).build());
    commit(2);
    assertThatThrownBy(() -> stream.sync(Duration.ofMillis(200)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not everywhere within 200 ms: transaction 2 is missing in r0")
        .hasMessageContaining("told to fail")
        .hasMessageContaining("Stream keeps trying");
    replica.up();
    stream.sync(SOON);
    stream.close();
  }

  @Test
  void syncMayWaitForOneReplicaWhateverTheOthersLack() throws Exception {
    FaultyReplica lagging = replica().down();
    StreamController stream =
        start(config(lagging).replica("other", MemoryReplica.create()).build());
    commit(2);
    stream.sync(SOON, "other");
    assertThatThrownBy(() -> stream.sync(Duration.ofMillis(200), "r0"))
        .hasMessageContaining("transaction 2 is missing in r0")
        .hasMessageNotContaining("other");
    assertThatThrownBy(() -> stream.sync(SOON, "r1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"r1\"");
    lagging.up();
    stream.close();
  }

  @Test
  void theListenerLearnsOfALagOncePerEpisode() throws Exception {
    FaultyReplica replica = replica();
    StreamController stream =
        start(config(replica).dataLossWindowThreshold(Duration.ofMillis(500)).build());
    commit(1);
    stream.sync(SOON);
    for (int episode = 1; episode <= 2; episode++) {
      int number = episode;
      replica.down();
      commit(1);
      await("the warning", () -> count("lag r0") == number);
      assertThat(stream.dataLossWindow()).isPositive();
      commit(5);
      replica.up();
      await("the recovery", () -> count("caught up r0") == number);
      stream.sync(SOON);
    }
    assertThat(count("lag r0")).isEqualTo(2);
    assertThat(count("failing r0")).isEqualTo(2);
    assertThat(count("recovered r0")).isEqualTo(2);
    assertThat(events.get(0)).startsWith("generation ");
    stream.close();
  }

  private long count(String event) {
    return events.stream().filter(event::equals).count();
  }

  @Test
  void aSecondStreamInThisProcessIsRefusedByName() throws Exception {
    StreamController stream = start(config(replica()).build());
    assertThatThrownBy(() -> start(config(replica()).build()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.resolve("shadow").toRealPath() + " is in use")
        .hasMessageContaining("pid " + ProcessHandle.current().pid())
        .hasMessageContaining("shadowDir");
    commit(1);
    stream.sync(SOON);
    assertThat(stream.closeAndReport()).isEmpty();
  }

  @Test
  void aSecondStreamInAnotherProcessIsRefusedByName() throws Exception {
    StreamController stream = start(config(replica()).build());
    Process child = child(folder.resolve("shadow"));
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isEqualTo(3);
    assertThat(said)
        .contains(folder.resolve("shadow").toRealPath() + " is in use by another Stream")
        .contains("pid " + ProcessHandle.current().pid());
    stream.close();
    child = child(folder.resolve("shadow"));
    said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
  }

  private static Process child(Path shadow) throws IOException {
    String path =
        Stream.of(
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""),
                Path.of("target", "classes").toAbsolutePath().toString(),
                Path.of("target", "test-classes").toAbsolutePath().toString())
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                path,
                OpenShadowMain.class.getName(),
                shadow.toString())
            .redirectErrorStream(true)
            .start();
    process.onExit().orTimeout(30, TimeUnit.SECONDS);
    return process;
  }
}
