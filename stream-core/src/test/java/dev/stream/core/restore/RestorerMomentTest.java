package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.state.TxRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Back to a moment, to the bytes. */
class RestorerMomentTest extends RestoreFixture {

  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  private String segment(int txId) {
    return ArtefactKeys.segment(Listings.NEW, 0, txId, txId).value();
  }

  /** A history whose transactions are ten seconds apart, from 1 on at noon. */
  private void refill() throws IOException {
    replica.objects.clear();
    for (int txId = 1; txId <= 12; txId++) {
      history.commitAt(txId, NOON.plusSeconds(10L * (txId - 1)));
    }
    history.snapshot(replica, 1);
    for (int txId = 2; txId <= 12; txId++) {
      history.segment(replica, 0, txId, txId);
    }
  }

  private RestorerBuilder at(long second) {
    return builder().state(new RestoreTarget.Moment(null, NOON.plusSeconds(second)));
  }

  @Test
  void yieldsTheBytesOfTheMoment() throws IOException {
    refill();
    for (int txId = 1; txId <= 11; txId++) {
      replica.opens.set(0);
      RestoreState state = at(10L * txId - 1).build().restore();
      assertThat(replica.opens.get() - state.requests()).isLessThanOrEqualTo(6);
      assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get((long) txId));
      assertThat(state.txId()).isEqualTo(txId);
      assertThat(state.committedAt()).isEqualTo(NOON.plusSeconds(10L * (txId - 1)));
      assertThat(state.after())
          .isEqualTo(new ReachableState(Listings.NEW, txId + 1, NOON.plusSeconds(10L * txId)));
      Files.delete(target);
    }
  }

  @Test
  void aTransactionTellsTheNextStateToo() throws IOException {
    refill();
    RestoreState state = builder().state(new RestoreTarget.Transaction(null, 5)).build().restore();
    assertThat(state.after().txId()).isEqualTo(6);
    Files.delete(target);
    // Whatever becomes of it is no matter of this state.
    replica.objects.put(segment(6), new byte[10]);
    state = builder().state(new RestoreTarget.Transaction(null, 5)).build().restore();
    assertThat(state.after()).isEqualTo(new ReachableState(Listings.NEW, 6, null));
    assertThat(state.txId()).isEqualTo(5);
  }

  @Test
  void aMomentTooEarlyIsRefusedWithTheOldest() throws IOException {
    refill();
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> at(-1).build().restore());
    assertThat(refused.reason()).isEqualTo(Reason.NOT_RECOVERABLE);
    assertThat(refused).hasMessageContaining("one: nothing goes back to 2026-05-01T11:59:59Z");
    assertThat(refused).hasMessageContaining("2026-05-01T12:00:00Z, transaction 1");
    assertThat(files()).isEmpty();
  }

  @Test
  void damageThatTheSearchMeetsIsGoneAroundIfThereIsAnotherWay() throws IOException {
    refill();
    history.segment(replica, 1, 2, 7);
    replica.objects.get(segment(7))[20] ^= 1;
    RestoreState state = at(65).build().restore();
    assertThat(state.txId()).isEqualTo(7);
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(7L));
  }

  @Test
  void damageThatTheSearchMeetsIsSaidWhereThereIsNone() throws IOException {
    refill();
    replica.objects.get(segment(7))[20] ^= 1;
    assertThat(catchThrowableOfType(RestoreException.class, () -> at(65).build().restore()))
        .hasMessageContaining("lacks transactions 7")
        .hasMessageContaining(
            "transaction 6 of 2026-05-01T12:00:50Z before it, and none comes after it")
        .hasMessageContaining(segment(7) + ": damaged");
    at(35).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(4L));
  }

  @Test
  void aHeaderThatTellsAnotherTimeThanWasWrittenIsDamaged() throws IOException {
    refill();
    byte[] bytes = replica.objects.get(segment(7));
    int minute = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("12:01:00") + 4;
    assertThat(minute).isGreaterThan(4);
    bytes[minute] = '9';
    assertThat(catchThrowableOfType(RestoreException.class, () -> at(65).build().restore()))
        .hasMessageContaining("the header does not match its checksum");
  }

  @Test
  void aPinIsRestoredByItsName() throws IOException {
    refill();
    new ReplicaArchive(replica, IMPATIENT).pin("before-it", Listings.NEW, 9, NOON);
    RestoreState state = builder().state(new RestoreTarget.Pin("before-it")).build().restore();
    assertThat(state.txId()).isEqualTo(9);
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(9L));
    assertThat(
            catchThrowableOfType(
                RestoreException.class,
                () -> builder().force(true).state(new RestoreTarget.Pin("x")).build().restore()))
        .hasMessageContaining("there is no pin x; there is before-it");
  }

  @Test
  void aNameOfTwoStatesIsRefusedWithBoth() {
    List<PinDescriptor> two =
        List.of(
            new PinDescriptor("p", Listings.OLD, 3, ArtefactKeys.snapshot(Listings.OLD, 3), NOON),
            new PinDescriptor("p", Listings.NEW, 4, ArtefactKeys.snapshot(Listings.NEW, 4), NOON));
    RestoreDecision decision =
        RestorePlanner.plan(
            new ArchiveListing(Listings.of("s3", "s4").generations(), two),
            new RestoreTarget.Pin("p"));
    assertThat(((RestorePlanProblem) decision).message())
        .contains("transaction 3 of generation " + Listings.OLD)
        .contains("transaction 4 of generation " + Listings.NEW);
  }

  @Test
  void anyHistoryIsExactAtAnyMoment() throws IOException {
    for (int round = 0; round < Seeds.rounds(25, 2000); round++) {
      Random random = Seeds.random("moment", round);
      replica.objects.clear();
      history = new PageHistory(Listings.NEW, 512, random).begin(1, 12).commit(20);
      Instant clock = NOON;
      for (long txId = 1; txId <= 21; txId++) {
        clock = clock.plusSeconds(random.nextInt(8) == 0 ? -random.nextInt(30) : random.nextInt(4));
        history.commitAt(txId, clock);
      }
      List<Long> cuts = new ArrayList<>(List.of(1L));
      for (long at = 2; at <= 21; at += 1 + random.nextInt(3)) {
        history.segment(replica, 0, cuts.get(cuts.size() - 1) + 1, at);
        cuts.add(at);
      }
      int wide = random.nextInt(cuts.size() - 1);
      history.segment(replica, 1, cuts.get(wide) + 1, cuts.get(cuts.size() - 1));
      history.snapshot(replica, 1);
      history.snapshot(replica, cuts.get(random.nextInt(cuts.size())));
      if (random.nextBoolean()) {
        List<String> segments = replica.keys("segments");
        replica.objects.remove(segments.get(random.nextInt(segments.size())));
      }
      Instant at = history.committedAt(1 + random.nextInt(21)).plusSeconds(random.nextInt(3) - 1);
      check(at, round);
    }
  }

  private void check(Instant at, int round) throws IOException {
    GenerationListing listing = new ReplicaArchive(replica).list().newest().orElseThrow();
    StateGraph graph = new StateGraph(listing);
    Long wanted = null;
    for (long state : graph.reachable().stream().toArray()) {
      wanted = history.committedAt(state).isAfter(at) ? wanted : Long.valueOf(state);
    }
    try {
      RestoreState state = builder().state(new RestoreTarget.Moment(null, at)).build().restore();
      assertThat(state.txId()).as(Seeds.where(round)).isEqualTo(wanted);
      assertThat(Files.readAllBytes(target))
          .as(Seeds.where(round))
          .isEqualTo(history.states.get(wanted));
      Files.delete(target);
    } catch (RestoreException e) {
      if (wanted == null) {
        assertThat(e).as(Seeds.where(round)).hasMessageContaining("the oldest state is that of");
      } else {
        assertThat(e)
            .as(Seeds.where(round))
            .hasMessageContaining("lacks transactions")
            .hasMessageContaining("transaction " + wanted + " of " + history.committedAt(wanted));
        assertThat(graph.ranges())
            .as(Seeds.where(round))
            .extracting(TxRange::last)
            .contains(wanted);
      }
    }
  }
}
