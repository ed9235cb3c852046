package dev.stream.core.retention;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<ArtefactDescriptor, Instant> times = new HashMap<>();

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

  /** What was there at a time: a generation without artefacts, and the states after each other. */
  private record State(Instant time, List<ArtefactDescriptor> artefacts) {}

  private static List<State> states(ArchiveListing listing) {
    List<State> states = new ArrayList<>();
    for (GenerationListing generation : listing.generations()) {
      states.add(new State(generation.id().bornAt(), List.of()));
      List<ArtefactDescriptor> byState = new ArrayList<>(generation.artefacts());
      byState.sort(Comparator.comparingLong(ArtefactDescriptor::lastTxId));
      for (int from = 0, to; from < byState.size(); from = to) {
        to = from + 1;
        while (to < byState.size() && byState.get(to).lastTxId() == byState.get(from).lastTxId()) {
          to++;
        }
        List<ArtefactDescriptor> state = byState.subList(from, to);
        states.add(new State(firstStored(state), state));
      }
    }
    return states;
  }

  private void tell(List<State> states, Instant horizon, Instant latest) {
    List<@Nullable Instant> sound = new ArrayList<>(); // null where a claim does not count
    Instant reached = Instant.MIN;
    for (State state : states) {
      boolean counts = !state.time().isAfter(horizon) && !state.time().isBefore(reached);
      reached = counts ? state.time() : reached;
      sound.add(counts ? reached : null);
    }
    Instant next = latest;
    for (int i = states.size() - 1; i >= 0; i--) {
      Instant own = sound.get(i);
      next = own == null ? next : own;
      for (ArtefactDescriptor artefact : states.get(i).artefacts()) {
        Instant stored = artefact.storedAt();
        boolean later = stored.isAfter(next) && !stored.isAfter(horizon);
        times.put(artefact, later ? stored : next);
      }
    }
  }

  /**
   * When a state came to the store: wider segments are made later, and snapshots take their time.
   */
  private static Instant firstStored(List<ArtefactDescriptor> state) {
    Instant first = Instant.MAX;
    for (ArtefactDescriptor artefact : state) {
      first = artefact.storedAt().isBefore(first) ? artefact.storedAt() : first;
    }
    return first;
  }

  /** The time up to which ages are counted; null if the store tells of none that can be. */
  @Nullable Instant now() {
    return now;
  }

  /** The age of an artefact, zero if nothing is known. */
  Duration of(ArtefactDescriptor artefact) {
    Instant time = times.get(artefact);
    if (now == null || time == null || time.isAfter(now)) {
      return Duration.ZERO;
    }
    return Duration.between(time, now);
  }
}
