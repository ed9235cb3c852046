package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.StreamController;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.state.GenerationId;
import dev.stream.it.Await;
import dev.stream.it.Bytes;
import dev.stream.it.KnownPages;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A live database on every kind of server, through an outage, a new generation and a pruning. */
@ParameterizedClass
@MethodSource("dev.stream.it.backend.BackendKind#everyServer")
final class EndToEndIT {

  /** What is under way when a server dies: much more than any buffer in between holds. */
  private static final int LARGE = 40_000_000;

  private static final int MIDST = 10_000_000;

  private static Backend backend;

  @TempDir Path folder;
  @Parameter BackendKind kind;

  private String name;
  private LiveDatabase live;
  private Route route;
  private Place place;

  @BeforeParameterizedClassInvocation
  static void startServer(BackendKind kind) throws Exception {
    backend = kind.start();
  }

  @AfterParameterizedClassInvocation
  static void stopServer() throws Exception {
    backend.close();
  }

  @BeforeEach
  void begin(TestInfo test) throws Exception {
    name = Place.name(test);
    route = Route.to(backend);
    place = new Place(backend.type(), backend.config(name), folder);
  }

  @AfterEach
  void end() throws Exception {
    live.close();
    place.close();
    route.close();
  }

  private StreamConfigBuilder config() throws Exception {
    return live.config().replica(backend.type(), route.config(name));
  }

  @Test
  void killedInTheMidstOfASnapshot() throws Exception {
    live = LiveDatabase.create(folder, LARGE);
    try (StreamController stream = live.replicate(config())) {
      route.breakAfter(MIDST);
      dieAndComeBack();
      assertThat(place.restores().listing().generations())
          .as("generations with a snapshot")
          .allMatch(generation -> generation.snapshots().isEmpty());
      catchesUp(stream);
    }
  }

  @Test
  void killedInTheMidstOfASegment() throws Exception {
    live = LiveDatabase.create(folder, 0);
    try (StreamController stream = live.replicate(config())) {
      live.settled(stream);
      long before = stream.status().txId();
      live.commit("INSERT INTO weight VALUES(randomblob(" + LARGE + "));");
      route.breakAfter(MIDST);
      dieAndComeBack();
      assertThat(place.restores().newestGeneration().newestTxId())
          .as("what is there without the large row")
          .hasValue(before);
      live.go();
      catchesUp(stream);
    }
  }

  /** Leaves the way to the server blocked, so that what is there cannot change meanwhile. */
  private void dieAndComeBack() throws Exception {
    backend.server().kill();
    Await.until("the failure is told", () -> live.told().told("failing"));
    backend.server().start();
    place.assertWholeAsIn(live.shadow());
  }

  private void catchesUp(StreamController stream) throws Exception {
    route.mend();
    place.assertRestores(live.settled(stream));
    assertThat(live.told().told("recovered")).as(live.told().events().toString()).isTrue();
    live.go();
    place.assertRestores(live.settled(stream));
    assertThat(stream.status().captureError()).isNull();
  }

  @Test
  void aNewGenerationAndThePruningOfTheOldOne() throws Exception {
    live = LiveDatabase.create(folder, 100_000);
    byte[] former;
    GenerationId old;
    long oldTx;
    try (StreamController stream = live.replicate(config())) {
      former = live.settled(stream);
      place.assertRestores(former);
      oldTx = stream.status().txId();
      old = place.restores().newestGeneration().id();
    }
    live.commit("INSERT INTO weight VALUES(1); PRAGMA wal_checkpoint(TRUNCATE);");
    live.commit("INSERT INTO weight VALUES(2); PRAGMA wal_checkpoint(TRUNCATE);");
    KnownPages.forget(live.shadow());

    try (StreamController stream = live.replicate(config())) {
      byte[] expected = live.settled(stream);
      place.assertRestores(expected);
      GenerationId current = place.restores().newestGeneration().id();
      assertThat(current).isGreaterThan(old);
      assertThat(live.told().first("generation " + current)).doesNotContain("resumed");
      Bytes.assertSame("the former generation", place.restores().at(old, oldTx), former);

      place.replica().delete(keys(place.restores().listing().generation(old).orElseThrow()));
      assertThat(place.keys()).isNotEmpty().allMatch(key -> key.value().startsWith(current + "/"));
      place.assertRestores(expected);
      assertThatThrownBy(() -> place.restores().at(old, oldTx))
          .isInstanceOf(RestoreException.class);

      live.commit("INSERT INTO weight VALUES(3);");
      stream.sync(Await.PATIENCE);
      stream.snapshotNow();
      Await.until(
          "a second snapshot", () -> place.restores().newestGeneration().snapshots().size() == 2);
      byte[] newest = live.settled(stream);
      List<ObjectKey> superseded = beforeTheNewestSnapshot(place.restores().newestGeneration());
      place.replica().delete(superseded);
      place.replica().delete(superseded);
      assertThat(place.keys()).isNotEmpty().doesNotContainAnyElementsOf(superseded);
      place.assertRestores(newest);
      live.go();
      place.assertRestores(live.settled(stream));
    }
  }

  private static List<ObjectKey> keys(GenerationListing generation) {
    return generation.artefacts().stream().map(ArtefactDescriptor::key).toList();
  }

  private static List<ObjectKey> beforeTheNewestSnapshot(GenerationListing generation) {
    SnapshotDescriptor newest = generation.snapshots().get(generation.snapshots().size() - 1);
    return generation.artefacts().stream()
        .filter(artefact -> artefact.lastTxId() <= newest.txId() && !artefact.equals(newest))
        .map(ArtefactDescriptor::key)
        .toList();
  }
}
