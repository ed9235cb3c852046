package dev.stream.core.retention;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How old artefacts are, at least. Their times are those of the store's clock, which may be wrong,
 * set back and set ahead. But states have an order: each came to be after those before it, and
 * after its generation was born. So a time that is earlier than one before it does not count: the
 * next later one that does is taken instead. Times in the future do not count either.
 *
 * <p>So what is told is never more than the true age, unless a clock was set back by less than the
 * database had been idle before. Ages are counted up to the newest time that the store itself tells
 * of: while nothing is stored, nothing ages.
 */
final class ArtefactAges {

  /** A store's clock may be ahead of ours by so much. */
  static final Duration SKEW = Duration.ofHours(1);

  private final @Nullable Instant now;

  /**
   * By the descriptors of the listing themselves: to compare half a million takes time and room.
   */
  private final IdentityHashMap<ArtefactDescriptor, Instant> times = new IdentityHashMap<>();

  private ArtefactAges(ArchiveListing listing, Instant trustedNow, Instant wallNow) {
    Instant horizon = wallNow.plus(SKEW);
    Instant newest =
        listing.generations().stream()
            .flatMap(generation -> generation.artefacts().stream())
            .map(ArtefactDescriptor::storedAt)
            .filter(time -> !time.isAfter(horizon))
            .max(Instant::compareTo)
            .orElse(null);
    now = newest != null && newest.isAfter(trustedNow) ? trustedNow : newest;
    if (now != null) {
      tell(states(listing), horizon, now);
    }
  }

  /**
   * The ages of all artefacts of a listing.
   *
   * @param trustedNow a time that is not in the future: ages are not counted beyond it
   * @param wallNow the time as the clock shows it: what claims to be later is in the future
   */
  static ArtefactAges in(ArchiveListing listing, Instant trustedNow, Instant wallNow) {
    return new ArtefactAges(listing, trustedNow, wallNow);
  }

  /** A claim about the order of things: a generation was born, or a state came to be. */
  private record State(Instant time, List<ArtefactDescriptor> byState, int from, int to) {}

  private static List<State> states(ArchiveListing listing) {
    List<State> states = new ArrayList<>();
    for (GenerationListing generation : listing.generations()) {
      states.add(new State(generation.id().bornAt(), List.of(), 0, 0));
      List<ArtefactDescriptor> byState = new ArrayList<>(generation.artefacts());
      byState.sort(Comparator.comparingLong(ArtefactDescriptor::lastTxId));
      for (int from = 0, to; from < byState.size(); from = to) {
        Instant first = byState.get(from).storedAt();
        to = from + 1;
        while (to < byState.size() && byState.get(to).lastTxId() == byState.get(from).lastTxId()) {
          // When it came to the store: wider segments are made later, snapshots take their time.
          Instant other = byState.get(to).storedAt();
          first = other.isBefore(first) ? other : first;
          to++;
        }
        states.add(new State(first, byState, from, to));
      }
    }
    return states;
  }

  private void tell(List<State> states, Instant horizon, Instant latest) {
    BitSet sound = new BitSet(states.size()); // those whose claim counts
    Instant reached = Instant.MIN;
    for (int i = 0; i < states.size(); i++) {
      Instant time = states.get(i).time();
      if (!time.isAfter(horizon) && !time.isBefore(reached)) {
        reached = time;
        sound.set(i);
      }
    }
    Instant next = latest;
    for (int i = states.size() - 1; i >= 0; i--) {
      State state = states.get(i);
      next = sound.get(i) ? state.time() : next;
      for (ArtefactDescriptor artefact : state.byState().subList(state.from(), state.to())) {
        Instant stored = artefact.storedAt();
        boolean later = stored.isAfter(next) && !stored.isAfter(horizon);
        times.put(artefact, later ? stored : next);
      }
    }
  }

  /** The time up to which ages are counted; null if the store tells of none that can be. */
  @Nullable Instant now() {
    return now;
  }

  /** The age of an artefact of the listing, zero if nothing is known. */
  Duration of(ArtefactDescriptor artefact) {
    Instant time = times.get(artefact);
    if (now == null || time == null || time.isAfter(now)) {
      return Duration.ZERO;
    }
    return Duration.between(time, now);
  }
}
