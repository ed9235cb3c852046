package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamEvent.Artefact;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listener can count: everything that was made and stored, once. */
final class EventsTest {

  @TempDir Path folder;
  private Bench bench;
  private final ScriptedReplica replica = new ScriptedReplica();

  @BeforeEach
  void begin() throws Exception {
    bench = new Bench();
  }

  @AfterEach
  void stop() {
    bench.stop();
  }

  private <E extends StreamEvent> List<E> told(Class<E> kind) {
    return bench.told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void everyArtefactIsToldWhenItIsMadeAndWhenAReplicaHasIt() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    database.commit();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    for (int i = 0; i < 5; i++) {
      database.commit();
      database.deliver();
      stream.sync(Bench.SOON);
    }
    Bench.await(
        "the snapshot is stored",
        () ->
            told(StreamEvent.ArtefactStored.class).stream()
                .anyMatch(stored -> stored.kind() == Artefact.SNAPSHOT));
    assertThat(stream.close()).isEmpty();

    List<StreamEvent.GenerationBegan> began = told(StreamEvent.GenerationBegan.class);
    assertThat(began).hasSize(1);
    assertThat(began.get(0).resumed()).isFalse();
    List<StreamEvent.ArtefactMade> segments =
        told(StreamEvent.ArtefactMade.class).stream()
            .filter(made -> made.kind() == Artefact.SEGMENT)
            .toList();
    long next = began.get(0).txId() + 1;
    for (StreamEvent.ArtefactMade segment : segments) {
      assertThat(segment.firstTxId()).isEqualTo(next);
      next = segment.lastTxId() + 1;
    }
    assertThat(next).isEqualTo(database.txId + 1);
    assertThat(told(StreamEvent.ArtefactStored.class))
        .extracting(
            StreamEvent.ArtefactStored::replica,
            StreamEvent.ArtefactStored::kind,
            StreamEvent.ArtefactStored::lastTxId,
            StreamEvent.ArtefactStored::bytes)
        .containsExactlyInAnyOrderElementsOf(
            told(StreamEvent.ArtefactMade.class).stream()
                .map(made -> tuple("r0", made.kind(), made.lastTxId(), made.bytes()))
                .toList());
  }
}
