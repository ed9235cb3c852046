package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ReplicaException;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.retry.Backoff;
import dev.stream.core.retry.Retry;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RestorerFailoverTest extends RestoreFixture {

  private final TestReplica second = new TestReplica();

  private RestorerBuilder both() {
    second.objects.putAll(replica.objects);
    return builder().replica("two", second);
  }

  @Test
  void aReplicaThatFailsHalfWayIsReplacedByTheNext() throws IOException {
    List<String> failed = new ArrayList<>();
    List<String> chosen = new ArrayList<>();
    RestorerBuilder builder = both();
    replica.readsUntilDown = 3;
    RestoreState state =
        builder
            .listener(
                new RestoreListener() {
                  @Override
                  public void onReplicaFailed(String name, String problem) {
                    failed.add(name + ": " + problem);
                  }

                  @Override
                  public void onReplicaChosen(String name, String reason) {
                    chosen.add(name + ": " + reason);
                  }
                })
            .build()
            .restore();
    assertThat(state.replica()).isEqualTo("two");
    assertThat(state.reason()).isEqualTo("one failed, and no other replica can yield the state");
    assertThat(chosen)
        .containsExactly(
            "one: it comes first in the configuration; two has the same state",
            "two: " + state.reason());
    assertThat(state.warnings()).singleElement().asString().contains("one", "cannot be reached");
    assertThat(failed).singleElement().asString().startsWith("one: ").contains("cannot be reached");
    assertRestored();
  }

  @Test
  void aReplicaThatCannotBeListedIsPassedOver() throws IOException {
    RestorerBuilder builder = both();
    replica.readsUntilDown = 0;
    assertThat(builder.build().restore().replica()).isEqualTo("two");
    assertRestored();
  }

  @Test
  void aReplicaThatCannotBeOpenedIsPassedOverAndTheOtherClosed() throws IOException {
    RestoreState state =
        Restorer.builder(target, PageHistory::codecs)
            .replica(
                "down",
                () -> {
                  throw new ReplicaException(ReplicaException.Reason.ACCESS_DENIED, "no key");
                })
            .replica("up", () -> replica)
            .build()
            .restore();
    assertThat(state.replica()).isEqualTo("up");
    assertThat(state.warnings()).anyMatch(warning -> warning.contains("no key"));
    assertThat(replica.closed).isTrue();
  }

  @Test
  void aReplicaThatLagsDoesNotWinByItsPlace() throws IOException {
    RestorerBuilder builder = both();
    replica.objects.keySet().removeIf(key -> key.endsWith("c"));
    RestoreState state = builder.build().restore();
    assertThat(state.replica()).isEqualTo("two");
    assertThat(state.txId()).isEqualTo(12);
    assertThat(state.reason())
        .isEqualTo("it has the newest state, transaction 12; one has transaction 11");
    assertRestored();
  }

  @Test
  void damageOnOneReplicaIsMadeGoodByTheOther() throws IOException {
    RestorerBuilder builder = both();
    String key = replica.keys("segments").get(9);
    replica.objects.put(key, new byte[10]);
    assertThat(builder.build().restore().replica()).isEqualTo("two");
    assertRestored();
  }

  @Test
  void ifAllFailEachReplicasProblemIsListed() throws IOException {
    RestorerBuilder builder = both();
    String tenth = replica.keys("segments").get(8);
    replica.objects.remove(tenth);
    second.readsUntilDown = 2;
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> builder.build().restore());
    assertThat(refused.reason()).isEqualTo(Reason.NOT_RECOVERABLE);
    assertThat(refused)
        .hasMessageContaining("one: generation")
        .hasMessageContaining("up to transaction 9")
        .hasMessageContaining("two: the store cannot be reached");
    assertThat(files()).isEmpty();
  }

  @Test
  void onlyTheReplicaThatIsNamedIsUsed() throws IOException {
    assertThat(both().onlyReplica("two").build().restore().replica()).isEqualTo("two");
    assertThat(replica.opens.get()).isZero();
    Files.delete(target);
    RestoreException refused =
        catchThrowableOfType(
            RestoreException.class, () -> both().onlyReplica("tow").build().restore());
    assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_REPLICA);
    assertThat(refused.reason().isUsage()).isTrue();
    assertThat(refused).hasMessageContaining("one, two");
  }

  @Test
  void connectionsThatBreakAreResumed() throws IOException {
    replica.flaky = new Random(11);
    builder().retry(new Retry(Backoff.BRISK, 100, new Random(1), wait -> {})).build().restore();
    assertRestored();
  }

  @Test
  void anInterruptionEndsItAndLeavesNothing() throws IOException {
    Thread restoring = Thread.currentThread();
    replica.beforeOpen = restoring::interrupt;
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> both().build().restore());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(refused.reason()).isEqualTo(Reason.INTERRUPTED);
    assertThat(files()).isEmpty();
  }

  @Test
  void aReplicaOfAnEarlierGenerationIsTheNextBest() throws IOException {
    PageHistory older = new PageHistory(Listings.OLD, 512, new Random(9)).begin(70, 5);
    older.snapshot(second, 70);
    RestoreState state = builder().replica("two", second).build().restore();
    assertThat(state.replica()).isEqualTo("one");
    assertThat(state.reason())
        .isEqualTo(
            "it has the newest state, transaction 12; two has transaction 70 of an earlier"
                + " generation");
  }

  @Test
  void ofAMomentTheReplicaWithTheNearestStateIsTaken() throws IOException {
    RestorerBuilder builder = both();
    // One has it coarser: its last state by then is older.
    for (int txId = 9; txId <= 12; txId++) {
      replica.objects.remove(replica.keys("segments").get(7));
    }
    history.segment(replica, 1, 9, 12);
    history.commitAt(12, PageHistory.COMMITTED_AT.plusSeconds(60));
    history.segment(replica, 1, 9, 12);
    history.segment(second, 0, 12, 12);
    RestoreState state =
        builder.state(new RestoreTarget.Moment(null, PageHistory.COMMITTED_AT)).build().restore();
    assertThat(state.replica()).isEqualTo("two");
    assertThat(state.txId()).isEqualTo(11);
    assertThat(state.after())
        .isEqualTo(new ReachableState(Listings.NEW, 12, PageHistory.COMMITTED_AT.plusSeconds(60)));
    assertThat(state.reason())
        .isEqualTo(
            "it has the nearest state, transaction 11 of 2026-01-02T03:04:06Z; one has"
                + " transaction 8 of 2026-01-02T03:04:06Z");
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(11L));
  }

  @Test
  void whyAReplicaIsTakenIsSaidPlainly() throws IOException {
    assertThat(builder().build().restore().reason()).isEqualTo("it is the only replica");
    Files.delete(target);
    assertThat(both().onlyReplica("two").build().restore().reason()).isEqualTo("it was asked for");
    Files.delete(target);
    second.objects.clear();
    RestoreState state = builder().replica("two", second).build().restore();
    assertThat(state.reason()).isEqualTo("no other replica can yield the state");
    assertThat(state.warnings()).singleElement().asString().contains("two", "no snapshot");
  }
}
