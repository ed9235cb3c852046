package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Artefacts rightly go while a restore reads: compaction merged them, retention let them go. */
class RestoreInFlightTest extends RestoreFixture {

  private interface Change {
    void make() throws IOException;
  }

  private static Runnable after(int reads, Change change) {
    int[] left = {reads};
    return () -> {
      synchronized (left) { // reads that go on side by side come before the change or after it
        if (left[0]-- == 0) {
          try {
            change.make();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    };
  }

  private void remove(String kind, int first, int last) {
    for (int txId = first; txId <= last; txId++) {
      replica.objects.remove(
          kind.equals("segments")
              ? ArtefactKeys.segment(Listings.NEW, 0, txId, txId).value()
              : ArtefactKeys.snapshot(Listings.NEW, txId).value());
    }
  }

  private void merge(int first, int last) throws IOException {
    history.segment(replica, 1, first, last);
    remove("segments", first, last);
  }

  @Test
  void mergedSegmentsTakeThePlaceOfTheirParts() throws IOException {
    replica.beforeOpen = after(0, () -> merge(9, 12));
    RestoreState state = builder().build().restore();
    assertRestored();
    assertThat(state.txId()).isEqualTo(12);
    assertThat(state.segments()).isEqualTo(1);
    assertThat(state.warnings())
        .singleElement()
        .asString()
        .contains("listed but gone", "listed again", "the same state");
  }

  @Test
  void aSnapshotThatGoesInTheMiddleIsReplacedByAnother() throws IOException {
    int round = 0;
    do {
      history = new PageHistory(Listings.NEW, 65536, Seeds.random("in flight", round++));
      history.begin(1, 60).commit(11);
    } while (history.states.values().stream().anyMatch(state -> state.length < 2_000_000));
    replica.objects.clear();
    history.snapshot(replica, 1);
    history.snapshot(replica, 8);
    for (int txId = 2; txId <= 12; txId++) {
      history.segment(replica, 0, txId, txId);
    }
    // Its end, its header, its pages.
    for (int reads = 1; reads <= 3; reads++) {
      String eighth = ArtefactKeys.snapshot(Listings.NEW, 8).value();
      byte[] bytes = replica.objects.get(eighth);
      AtomicInteger left = new AtomicInteger(reads);
      replica.vanishing = key -> key.equals(eighth) && left.decrementAndGet() == 0;
      RestoreState state =
          builder().state(new RestoreTarget.Transaction(null, 10)).parallelism(1).build().restore();
      assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(10L));
      assertThat(left.get()).isLessThanOrEqualTo(0);
      assertThat(state.snapshotTxId()).as("at read %d of it", reads).isEqualTo(1);
      assertThat(state.warnings()).singleElement().asString().contains("listed again");
      Files.delete(target);
      replica.objects.put(eighth, bytes);
    }
  }

  @Test
  void theNewestStateMayBeNewerByThen() throws IOException {
    history.commit(1);
    replica.beforeOpen =
        after(
            0,
            () -> {
              history.segment(replica, 0, 13, 13);
              merge(9, 12);
            });
    RestoreState state = builder().build().restore();
    assertThat(state.txId()).isEqualTo(13);
    assertRestored();
    assertThat(state.warnings()).singleElement().asString().contains("now that of transaction 13");
  }

  @Test
  void aMomentKeepsItsState() throws IOException {
    replica.beforeOpen = after(2, () -> merge(9, 12));
    RestoreState state =
        builder().state(new RestoreTarget.Moment(null, PageHistory.COMMITTED_AT)).build().restore();
    assertThat(state.txId()).isEqualTo(12);
    assertThat(state.committedAt()).isEqualTo(PageHistory.COMMITTED_AT);
    assertRestored();
  }

  @Test
  void whatGoesWhileAMomentIsLookedForIsListedAgain() throws IOException {
    replica.beforeOpen = after(0, () -> merge(9, 12));
    RestoreState state =
        builder().state(new RestoreTarget.Moment(null, PageHistory.COMMITTED_AT)).build().restore();
    assertThat(state.txId()).isEqualTo(12);
    assertRestored();
  }

  @Test
  void anOlderStateIsNotTakenInstead() throws IOException {
    replica.beforeOpen = after(0, () -> remove("segments", 12, 12));
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> builder().build().restore());
    assertThat(refused.reason()).isEqualTo(Reason.NOT_RECOVERABLE);
    assertThat(refused).hasMessageContaining("has no more than transaction 11");
    assertThat(files()).isEmpty();
  }

  @Test
  void anOlderStateIsTakenIfThatIsAccepted() throws IOException {
    replica.beforeOpen = after(0, () -> remove("segments", 12, 12));
    RestoreState state = builder().state(new RestoreTarget.Newest(null, true)).build().restore();
    assertThat(state.txId()).isEqualTo(11);
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(11L));
  }

  @Test
  void aStoreThatGoesOnToListWhatItDoesNotHaveIsGoneAround() throws IOException {
    history.segment(replica, 1, 9, 12);
    String wide = ArtefactKeys.segment(Listings.NEW, 1, 9, 12).value();
    replica.ghosts.add(wide);
    RestoreState state = builder().build().restore();
    assertThat(state.segments()).isEqualTo(4);
    assertThat(state.warnings()).as("listed again once").hasSize(1);
    assertRestored();
  }

  @Test
  void afterThreeTimesTheNextReplicaIsTaken() throws IOException {
    TestReplica second = new TestReplica();
    second.objects.putAll(replica.objects);
    // Whatever it lists, the snapshot with which it begins is gone when it is read.
    replica.vanishing = key -> key.contains("/snapshots/");
    RestoreState state = builder().replica("two", second).build().restore();
    assertThat(state.replica()).isEqualTo("two");
    assertThat(state.reason()).contains("one failed");
    assertThat(state.warnings()).isNotEmpty();
    assertRestored();
  }

  @Test
  void itIsListedThreeTimesAgainAndNoMore() throws IOException {
    history.commit(8);
    for (int txId = 13; txId <= 20; txId++) {
      history.segment(replica, 0, txId, txId);
      history.snapshot(replica, txId);
    }
    int[] listings = {0};
    replica.beforeList = () -> listings[0]++;
    replica.vanishing = key -> key.contains("/snapshots/");
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> builder().build().restore());
    assertThat(refused).hasMessageContaining("listed but gone");
    assertThat(listings[0]).isEqualTo(4);
  }

  @Test
  void damageMetAfterListingAgainIsGoneAroundToTheNewStateNotTheOld() throws IOException {
    history.segment(replica, 1, 9, 12);
    String wide = ArtefactKeys.segment(Listings.NEW, 1, 9, 12).value();
    history.commit(1);
    replica.beforeOpen =
        after(
            0,
            () -> {
              history.segment(replica, 0, 13, 13);
              replica.objects.put(history.segment(replica, 2, 9, 13).value(), new byte[10]);
              replica.objects.remove(wide);
            });
    RestoreState state = builder().build().restore();
    assertThat(state.txId()).isEqualTo(13);
    assertThat(state.warnings()).hasSize(2);
    assertRestored();
  }
}
