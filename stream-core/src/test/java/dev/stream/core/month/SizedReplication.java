package dev.stream.core.month;

import dev.stream.core.SuppliedClock;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.chain.RestoreReading;
import dev.stream.core.compact.CompactionPlan;
import dev.stream.core.compact.CompactionPlanner;
import dev.stream.core.compact.SegmentRun;
import dev.stream.core.config.CompactionConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.retention.ArtefactVerdict;
import dev.stream.core.retention.RetentionPlan;
import dev.stream.core.retention.RetentionPlanner;
import dev.stream.core.schedule.ListingRule;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.RestoreTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Replication of a database of any size in virtual time, with the defaults and the parts that
 * decide what is stored and kept. Of pages only the numbers are known, so that an artefact's length
 * is that of its pages by a {@link Lengths model}; nothing is stored.
 */
final class SizedReplication {

  /**
   * How long artefacts are.
   *
   * @param page bytes of a page in the database
   * @param inSegment bytes that a page takes in a segment
   * @param inSnapshot bytes that a page takes in a snapshot
   * @param beside bytes of an artefact beside its pages
   */
  record Lengths(int page, double inSegment, double inSnapshot, long beside) {}

  /** What a day cost, and what there is at its end. */
  record Day(
      long puts,
      long bytesUp,
      long snapshots,
      long listRequests,
      long gets,
      long deletes,
      int objects,
      long bytes,
      long restoreObjects,
      long restoreBytes,
      long mostLocal) {}

  private static final int HOT = 40;
  private static final int OBJECTS_PER_REQUEST = 1000;

  private final int pages;
  private final Lengths lengths;
  private final Random random = new Random(1);
  private final CompactionPlanner planner =
      new CompactionPlanner(CompactionConfig.DEFAULTS.levels());
  private final ListingRule looks = new ListingRule();
  private final RestoreReading reading = new RestoreReading();
  private final GenerationId generation;
  private final Set<ArtefactDescriptor> stored = new HashSet<>();
  private final NavigableMap<Long, SealedArtefact> parts = new TreeMap<>();
  private final Map<SealedArtefact, int[]> pagesOf = new HashMap<>();
  private final TreeSet<Long> cuts = new TreeSet<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Instant compactionDue = now;
  private Instant checkDue = now;
  private Instant listedAt = now;
  private Instant lookedAt = now;
  private Instant heardAt = now;
  private long txId;
  private long puts;
  private long bytesUp;
  private long snapshots;
  private long listRequests;
  private long gets;
  private long deletes;
  private long local;
  private long mostLocal;

  SizedReplication(long databaseBytes, Lengths lengths) {
    this.pages = Math.toIntExact(databaseBytes / lengths.page());
    this.lengths = lengths;
    this.generation = GenerationId.next(new SuppliedClock(() -> now), new Random(1), null);
    snapshot();
  }

  /**
   * A day, or as much of it as is wanted.
   *
   * @param every time between segments; that of an idle day does not matter
   * @param commits how many commits each has; none for an idle day
   */
  Day day(Duration length, Duration every, int commits) {
    long[] before = {puts, bytesUp, snapshots, listRequests, gets, deletes};
    mostLocal = local;
    Instant end = now.plus(length);
    while (now.isBefore(end)) {
      now = now.plus(every);
      if (commits > 0) {
        commit(commits);
      }
      compact();
      check();
    }
    RestorePlan plan =
        (RestorePlan) RestorePlanner.plan(listing(), new RestoreTarget.Newest(null, false));
    return new Day(
        puts - before[0],
        bytesUp - before[1],
        snapshots - before[2],
        listRequests - before[3],
        gets - before[4],
        deletes - before[5],
        stored.size(),
        stored.stream().mapToLong(ArtefactDescriptor::size).sum(),
        1 + plan.segments().size(),
        plan.totalBytes(),
        mostLocal);
  }

  /** As the page-by-page model has it: each commit changes three hot pages and one anywhere. */
  private void commit(int commits) {
    int[] changed = new int[4 * commits];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = random.nextInt(i % 4 == 3 ? pages : Math.min(HOT, pages));
    }
    long first = txId + 1;
    txId += commits;
    add(0, first, txId, distinct(changed), now);
    Instant due = SnapshotRule.BY_COST.dueAt(reading, now);
    if (due != null && !now.isBefore(due)) {
      snapshot();
    }
  }

  private static int[] distinct(int[] some) {
    return Arrays.stream(some).sorted().distinct().toArray();
  }

  private void snapshot() {
    cuts.add(txId);
    snapshots++;
    long size = lengths.beside() + Math.round(pages * lengths.inSnapshot());
    put(new SnapshotDescriptor(generation, txId, size, now));
    reading.snapshot(txId, size, now);
  }

  private void add(int level, long first, long last, int[] changed, Instant firstCommitAt) {
    long size = lengths.beside() + Math.round(changed.length * lengths.inSegment());
    SealedArtefact segment =
        SealedArtefact.segment(generation, level, first, last, size, firstCommitAt);
    put(new SegmentDescriptor(generation, level, first, last, size, now));
    reading.segment(first, last, size);
    parts.put(order(segment), segment);
    pagesOf.put(segment, changed);
    local += size;
    mostLocal = Math.max(mostLocal, local);
  }

  private static long order(SealedArtefact segment) {
    return segment.firstTxId() * 16 + (15 - segment.level());
  }

  private void put(ArtefactDescriptor artefact) {
    switch (ListingRule.beforeStoring(
        Duration.between(heardAt, now),
        Duration.between(lookedAt, now),
        Duration.between(listedAt, now))) {
      case WHOLE -> listed();
      case LINE -> {
        gets++;
        lookedAt = now;
      }
      case NONE -> {}
    }
    heardAt = now;
    looks.stored();
    stored.add(artefact);
    puts++;
    bytesUp += artefact.size();
  }

  private void listed() {
    listRequests += (stored.size() + OBJECTS_PER_REQUEST) / OBJECTS_PER_REQUEST; // and the mark
    gets += 2; // the mark and the line
    listedAt = now;
    lookedAt = now;
    heardAt = now;
    looks.listed(now);
  }

  private void compact() {
    if (now.isBefore(compactionDue)) {
      return;
    }
    while (true) {
      CompactionPlan plan = planner.plan(parts.values(), cuts, now);
      if (plan.due().isEmpty()) {
        forget(
            parts.values().stream().filter(part -> !plan.waiting().contains(part.key())).toList());
        Instant next = plan.nextDue();
        Instant atLeast = now.plusSeconds(30);
        compactionDue = next == null || next.isAfter(atLeast) ? atLeast : next;
        return;
      }
      for (SegmentRun run : plan.due()) {
        int[] all =
            run.parts().stream()
                .flatMapToInt(part -> Arrays.stream(pagesOf.getOrDefault(part, new int[0])))
                .toArray();
        Instant first = run.parts().get(0).firstCommitAt();
        forget(run.parts());
        add(run.level(), run.firstTxId(), run.lastTxId(), distinct(all), first);
      }
    }
  }

  private void forget(Collection<SealedArtefact> done) {
    for (SealedArtefact part : List.copyOf(done)) {
      parts.remove(order(part));
      pagesOf.remove(part);
      local -= part.size();
    }
  }

  private ArchiveListing listing() {
    return ArchiveListing.of(stored);
  }

  private void check() {
    if (now.isBefore(checkDue)) {
      return;
    }
    checkDue = checkDue.plus(RetentionConfig.DEFAULTS.checkInterval());
    if (!looks.isDueAtCheck(now)) {
      return;
    }
    listed();
    RetentionPlan plan = RetentionPlanner.plan(listing(), RetentionConfig.DEFAULTS, now, now);
    List<ArtefactVerdict> going = plan.going();
    going.forEach(verdict -> stored.remove(verdict.artefact()));
    deletes += (going.size() + OBJECTS_PER_REQUEST - 1) / OBJECTS_PER_REQUEST;
    looks.planned(true, plan.settled());
  }
}
