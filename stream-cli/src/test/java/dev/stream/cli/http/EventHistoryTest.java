package dev.stream.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamEvent.Artefact;
import dev.stream.core.status.CatchUp;
import dev.stream.core.status.DrillProof;
import dev.stream.core.status.GenerationCause;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** People see what matters, and not every segment. */
final class EventHistoryTest {

  private static final List<StreamEvent> TOLD =
      List.of(
          new StreamEvent.GenerationBegan("g", false, 1, GenerationCause.DOUBT, "why"),
          new StreamEvent.CaughtUp(
              new CatchUp("g", "why", Instant.EPOCH, Instant.EPOCH, 1, 2, 3, 4)),
          new StreamEvent.CapturePaused("why"),
          new StreamEvent.CaptureRecovered(),
          new StreamEvent.ArtefactStored("r", Artefact.SNAPSHOT, "g", 7, 8),
          new StreamEvent.ArtefactsDeleted("r", 9),
          new StreamEvent.ReplicaFailing("r", "why"),
          new StreamEvent.ReplicaRecovered("r"),
          new StreamEvent.RetentionFailing("r", "why"),
          new StreamEvent.RetentionRecovered("r"),
          new StreamEvent.DataLossWindowExceeded(
              "r", Duration.ofMinutes(1), Duration.ofSeconds(30)),
          new StreamEvent.DataLossWindowRecovered("r"),
          new StreamEvent.HeldBack("r", "why"),
          new StreamEvent.HeldBackOver("r"),
          new StreamEvent.WaitingForDatabase(Path.of("/a.db")),
          new StreamEvent.DrillPassed(
              "r", new DrillProof("g", 1, null, Instant.EPOCH, Instant.EPOCH)),
          new StreamEvent.DrillFailed("r", "why"),
          new StreamEvent.Notice("what"));

  private static final List<StreamEvent> PASSED_OVER =
      List.of(
          new StreamEvent.ArtefactMade(Artefact.SNAPSHOT, "g", 1, 2, 3),
          new StreamEvent.ArtefactStored("r", Artefact.SEGMENT, "g", 1, 2),
          new StreamEvent.ArtefactStored("r", Artefact.MERGED_SEGMENT, "g", 1, 2));

  private final EventHistory history = new EventHistory(Clock.systemUTC());

  @Test
  void whatMattersIsToldTheNewestFirst() {
    TOLD.forEach(history::add);
    List<EventHistory.Told> told = history.newestFirst();
    assertThat(told).hasSize(TOLD.size());
    assertThat(told.get(0).text()).isEqualTo("what");
    assertThat(told).allSatisfy(one -> assertThat(one.text()).isNotBlank());
    history.add(PASSED_OVER.get(0));
    PASSED_OVER.forEach(history::add);
    assertThat(history.newestFirst()).hasSize(TOLD.size());
  }

  /** A kind that is new has to be told, or passed over on purpose. */
  @Test
  void everyKindIsDecidedUpon() {
    assertThat(Stream.concat(TOLD.stream(), PASSED_OVER.stream()).map(Object::getClass).distinct())
        .containsExactlyInAnyOrder(StreamEvent.class.getPermittedSubclasses());
  }

  @Test
  void thereAreNotEverMore() {
    for (int i = 0; i < 1000; i++) {
      history.add(new StreamEvent.Notice("" + i));
    }
    assertThat(history.newestFirst()).hasSize(100);
    assertThat(history.newestFirst().get(0).text()).isEqualTo("999");
  }
}
