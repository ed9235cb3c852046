package dev.stream.core.retention;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A replica as random hours of writing, pauses, restarts, lost uploads and compaction leave it. It
 * knows the true time of everything, beside the one that the store's clock tells.
 */
final class SimulatedStore {

  /** What the store's clock does. */
  enum Fault {
    NONE,
    SINGLE,
    PERIOD,
    SKEW
  }

  static final Duration LONGEST_PAUSE = Duration.ofHours(3);
  private static final Duration SNAPSHOT_INTERVAL = Duration.ofMinutes(5);

  final Random random;
  final List<Duration> widths;
  final Map<ObjectKey, ArtefactDescriptor> objects = new TreeMap<>();
  final Map<ObjectKey, ArtefactDescriptor> ever = new LinkedHashMap<>();
  final Map<ObjectKey, Instant> stored = new LinkedHashMap<>();
  final List<PinDescriptor> pins = new ArrayList<>();
  Instant now = Instant.parse("2026-03-01T10:17:03Z");

  private final Fault fault;
  private final Duration skew;
  private Duration off = Duration.ZERO;
  private Instant offUntil = Instant.MIN;
  private GenerationId generation;
  private long txId;
  private Instant snapshotAt = Instant.MIN;
  private final List<Part> parts = new ArrayList<>();
  private final TreeSet<Long> cuts = new TreeSet<>();
  private boolean hole;

  /** A segment as captured, and when. */
  private record Part(long first, long last, Instant at, boolean lost) {}

  SimulatedStore(Random random, Fault fault, List<Duration> widths) {
    this.random = random;
    this.fault = fault;
    this.widths = widths;
    this.skew = fault == Fault.SKEW ? Duration.ofMinutes(random.nextInt(-40, 41)) : Duration.ZERO;
    begin();
  }

  ArchiveListing listing() {
    return ArchiveListing.of(objects.values(), pins);
  }

  ArchiveListing listingOfAllTimes() {
    return ArchiveListing.of(ever.values(), pins);
  }

  void delete(Collection<ObjectKey> keys) {
    keys.forEach(objects::remove);
  }

  void pin(String name, GenerationId of, long at) {
    pins.add(new PinDescriptor(name, of, at, ArtefactKeys.pin(of, at, name), now));
  }

  /** Lets a while pass. */
  void run(Duration duration) {
    Instant end = now.plus(duration);
    while (now.isBefore(end)) {
      int what = random.nextInt(1000);
      if (what < 3) {
        now = now.plusSeconds(random.nextLong(LONGEST_PAUSE.toSeconds()));
      } else if (what < 6) {
        compact(true);
        begin();
      } else {
        now = now.plusSeconds(5 + random.nextInt(25));
        commit();
      }
      if (fault == Fault.PERIOD && now.isAfter(offUntil) && random.nextInt(200) == 0) {
        offUntil = now.plusSeconds(random.nextInt(7200));
        off = wrong();
      }
      compact(false);
      if (!cuts.isEmpty()
          && cuts.last() < txId
          && !snapshotAt.plus(SNAPSHOT_INTERVAL).isAfter(now)) {
        snapshot();
      }
    }
  }

  private Duration wrong() {
    long seconds = LONGEST_PAUSE.toSeconds() * 2 + random.nextInt(30 * 86_400);
    return Duration.ofSeconds(random.nextBoolean() ? seconds : -seconds);
  }

  private void begin() {
    generation =
        GenerationId.next(java.time.Clock.fixed(now, java.time.ZoneOffset.UTC), random, generation);
    txId = random.nextInt(100);
    parts.clear();
    cuts.clear();
    hole = false;
    snapshot();
  }

  private void snapshot() {
    snapshotAt = now;
    cuts.add(txId);
    hole = false;
    store(new SnapshotDescriptor(generation, txId, 100, time()), now);
  }

  private void commit() {
    long first = txId + 1;
    txId += 1 + random.nextInt(4);
    boolean lost = !hole && random.nextInt(400) == 0;
    parts.add(new Part(first, txId, now, lost));
    if (lost) {
      snapshotAt = Instant.MIN; // the replica asks for a snapshot
      hole = true;
    } else {
      segment(0, first, txId);
    }
  }

  private void segment(int level, long first, long last) {
    ObjectKey key = ArtefactKeys.segment(generation, level, first, last);
    if (!ever.containsKey(key)) {
      store(new SegmentDescriptor(generation, level, first, last, 10, time()), now);
    }
  }

  private void store(ArtefactDescriptor artefact, Instant at) {
    objects.put(artefact.key(), artefact);
    ever.put(artefact.key(), artefact);
    stored.put(artefact.key(), at);
  }

  private Instant time() {
    Instant time = now.plus(skew);
    if (fault == Fault.SINGLE && random.nextInt(20) == 0) {
      return time.plus(wrong());
    }
    return fault == Fault.PERIOD && !now.isAfter(offUntil) ? time.plus(off) : time;
  }

  /** Merges what lies in windows that have passed. */
  private void compact(boolean ended) {
    for (int level = 1; level <= widths.size(); level++) {
      long width = widths.get(level - 1).toSeconds();
      boolean widest = level == widths.size();
      Set<Long> borders = widest ? anchors(width) : cuts;
      long first = -1;
      Part before = null;
      int count = 0;
      for (Part part : parts) {
        boolean apart =
            before == null
                || part.lost()
                || before.lost()
                || borders.contains(before.last())
                || (!widest && window(part.at(), width) != window(before.at(), width))
                || (widest
                    && window(part.at(), width) != window(before.at(), width)
                    && noAnchorIn(borders, part, width));
        if (apart) {
          merge(level, first, before, count, ended, width);
          first = part.first();
          count = 0;
        }
        count++;
        before = part;
      }
      if (ended) {
        merge(level, first, before, count, true, width);
      }
    }
  }

  /** The first cut of each window. */
  private Set<Long> anchors(long width) {
    Set<Long> anchors = new HashSet<>();
    long known = Long.MIN_VALUE;
    Part before = null;
    for (Part part : parts) {
      if (before != null && cuts.contains(before.last()) && window(part.at(), width) != known) {
        anchors.add(before.last());
        known = window(part.at(), width);
      }
      before = part;
    }
    return anchors;
  }

  private boolean noAnchorIn(Set<Long> anchors, Part from, long width) {
    for (Part part : parts) {
      if (part.first() >= from.first()
          && window(part.at(), width) == window(from.at(), width)
          && anchors.contains(part.last())) {
        return false;
      }
    }
    return window(from.at(), width) != window(now, width);
  }

  private void merge(int level, long first, Part last, int count, boolean ended, long width) {
    boolean passed = ended || (last != null && window(last.at(), width) < window(now, width));
    if (last != null && !last.lost() && count > 1 && passed) {
      segment(level, first, last.last());
    }
  }

  private static long window(Instant at, long width) {
    return Math.floorDiv(at.getEpochSecond(), width);
  }
}
