package dev.stream.core.month;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.SuppliedClock;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.FileBody;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.chain.RestoreReading;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.compact.CompactionPlan;
import dev.stream.core.compact.CompactionPlanner;
import dev.stream.core.compact.SegmentMerger;
import dev.stream.core.compact.SegmentRun;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.retention.RetentionPlan;
import dev.stream.core.retention.RetentionPlanner;
import dev.stream.core.retry.Retry;
import dev.stream.core.schedule.ListingRule;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replication of one database to one replica in virtual time, with the parts that decide what is
 * kept: planner and merger of segments, planner of retention. Capture, threads and failures are
 * left out; their tests are elsewhere.
 */
final class Month implements AutoCloseable {

  private static final int FIRST_HOUR = 8; // the nights are idle

  /**
   * What was asked of the replica in a day.
   *
   * @param pages requests that the listings take, of a thousand objects each
   * @param marks how often a mark of the replica was read: which it is, and who writes there
   * @param bytesUp length of what was stored
   */
  record Day(
      long puts,
      long lists,
      long pages,
      long marks,
      long deletes,
      long deleted,
      long bytesUp,
      int objects,
      long bytes) {}

  /**
   * What is simulated.
   *
   * @param levels widths of the levels of compaction
   * @param retention how long what stays
   * @param commitInterval time between commits by day; each is a segment
   * @param snapshotInterval time between snapshots by day; null if they go by cost
   * @param pages size of the database
   */
  record Script(
      List<Duration> levels,
      RetentionConfig retention,
      Duration commitInterval,
      @Nullable Duration snapshotInterval,
      int pages) {}

  private final Script script;
  private final PageModel model;
  private final ShadowDirectory shadow;
  private final ArtefactEncoding encoding;
  private final CompactionPlanner planner;
  private final SegmentMerger merger;
  final TimedReplica replica;
  private final GenerationId generation;
  private final NavigableMap<Long, SealedArtefact> parts = new TreeMap<>();
  private final TreeSet<Long> cuts = new TreeSet<>();
  final NavigableMap<Long, Long> checksums = new TreeMap<>();
  final NavigableMap<Instant, Long> commits = new TreeMap<>();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long txId;
  private Instant snapshotDue = now;
  private Instant checkDue;
  private Instant compactionDue = now;
  private long snapshotTxId = -1;
  private final ListingRule looks = new ListingRule();
  private final RestoreReading reading = new RestoreReading();
  private Instant listedAt = now;
  private Instant lookedAt = now;
  private Instant heardAt = now;
  private long pages;
  private long marks;

  Month(Path folder, Script script, long seed) throws IOException {
    this.script = script;
    this.model = new PageModel(script.pages(), seed);
    this.shadow = ShadowDirectory.open(folder);
    this.replica = new TimedReplica(() -> now);
    this.encoding =
        new ArtefactEncoding(
            new NoneCodecProvider().create(CodecSettings.DEFAULTS),
            CodecSettings.DEFAULTS,
            "model",
            "writer",
            Runnable::run,
            clock());
    this.planner = new CompactionPlanner(script.levels());
    this.merger = new SegmentMerger(shadow, encoding, codecs());
    this.generation = GenerationId.next(clock(), new Random(seed), null);
    this.checkDue = now.plus(script.retention().checkInterval());
    checksums.put(0L, model.checksum());
    commits.put(now, 0L);
    snapshot();
  }

  static CodecLookup codecs() {
    return name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS);
  }

  GenerationId generation() {
    return generation;
  }

  long txId() {
    return txId;
  }

  byte[] bytes() {
    return model.bytes().clone();
  }

  private Clock clock() {
    return new SuppliedClock(() -> now);
  }

  ArchiveListing listing() throws IOException {
    long before = replica.lists;
    try {
      return new ReplicaArchive(replica, Retry.none()).list();
    } finally {
      replica.lists = before; // the test looks, not Stream
    }
  }

  /** A day with work, or an idle one; returns what it cost. */
  Day day(boolean busy) throws IOException {
    long puts = replica.puts;
    long lists = replica.lists;
    long pagesBefore = pages;
    long marksBefore = marks;
    long bytesUp = replica.bytesUp;
    long deletes = replica.deletes;
    long deleted = replica.deleted;
    Instant begin = now;
    Instant end = now.plus(Duration.ofDays(1));
    Instant work = now.plus(Duration.ofHours(FIRST_HOUR));
    while (now.isBefore(end)) {
      boolean working = busy && !now.isBefore(work);
      now = now.plus(working ? script.commitInterval() : Duration.ofSeconds(30));
      if (working) {
        commit();
      }
      compact();
      check();
    }
    now = begin.plus(Duration.ofDays(1));
    return new Day(
        replica.puts - puts,
        replica.lists - lists,
        pages - pagesBefore,
        marks - marksBefore,
        replica.deletes - deletes,
        replica.deleted - deleted,
        replica.bytesUp - bytesUp,
        replica.size(),
        replica.bytes());
  }

  private void commit() throws IOException {
    long before = model.checksum();
    SortedSet<Integer> changed = model.commit();
    txId++;
    checksums.put(txId, model.checksum());
    commits.put(now, txId);
    ObjectKey key = ArtefactKeys.segment(generation, 0, txId, txId);
    Path file = shadow.temporary(key);
    ArtefactSummary summary;
    try (ArtefactWriter writer =
        ArtefactWriter.create(
            file,
            header(ArtefactKind.SEGMENT, txId - 1, changed.size(), before),
            encoding.codec(),
            Runnable::run)) {
      for (int page : changed) {
        writer.addPage(
            page + 1, ByteBuffer.wrap(model.bytes(), page * PageModel.PAGE, PageModel.PAGE));
      }
      summary = writer.finish();
    }
    shadow.publish(file, key);
    stored(SealedArtefact.segment(generation, 0, txId, txId, summary.size(), now));
    if (isSnapshotDue()) {
      snapshot();
    }
  }

  private boolean isSnapshotDue() {
    if (script.snapshotInterval() != null) {
      return !now.isBefore(snapshotDue);
    }
    Instant due = SnapshotRule.BY_COST.dueAt(reading, now);
    return due != null && !now.isBefore(due);
  }

  private void snapshot() throws IOException {
    Duration interval = script.snapshotInterval();
    snapshotDue = interval == null ? now : now.plus(interval);
    if (snapshotTxId == txId) {
      return;
    }
    snapshotTxId = txId;
    cuts.add(txId);
    ObjectKey key = ArtefactKeys.snapshot(generation, txId);
    Path file = shadow.temporary(key);
    try (ArtefactWriter writer =
        ArtefactWriter.create(
            file,
            header(ArtefactKind.SNAPSHOT, 0, model.pages(), 0),
            encoding.codec(),
            Runnable::run)) {
      writer.addPages(1, ByteBuffer.wrap(model.bytes()));
      ArtefactSummary ignored = writer.finish();
    }
    shadow.publish(file, key);
    put(key);
    reading.snapshot(txId, Files.size(shadow.path(key)), now);
    shadow.delete(key);
  }

  private ArtefactHeader header(ArtefactKind kind, long parent, int pageCount, long before) {
    return new ArtefactHeader(
        kind,
        generation.value(),
        0,
        txId,
        parent,
        PageModel.PAGE,
        pageCount,
        model.pages(),
        before,
        model.checksum(),
        "none",
        null,
        null,
        now,
        Map.of(
            ArtefactHeader.POSITION,
            "p" + txId,
            ArtefactHeader.DATABASE,
            "model",
            ArtefactHeader.FIRST_COMMIT_AT,
            now.toString(),
            ArtefactHeader.LAST_COMMIT_AT,
            now.toString()));
  }

  private void stored(SealedArtefact segment) throws IOException {
    put(segment.key());
    reading.segment(segment.firstTxId(), segment.lastTxId(), segment.size());
    parts.put(order(segment), segment);
  }

  /** Oldest first, the wider before the narrower. */
  private static long order(SealedArtefact segment) {
    return segment.firstTxId() * 16 + (15 - segment.level());
  }

  private void put(ObjectKey key) throws IOException {
    switch (ListingRule.beforeStoring(
        Duration.between(heardAt, now),
        Duration.between(lookedAt, now),
        Duration.between(listedAt, now))) {
      case WHOLE -> {
        replica.lists++; // what it tells is known here
        listed();
      }
      case LINE -> {
        marks++;
        lookedAt = now;
      }
      case NONE -> {}
    }
    heardAt = now;
    looks.stored();
    new ReplicaArchive(replica, Retry.none()).put(key, FileBody.of(shadow.path(key)));
  }

  private void compact() throws IOException {
    if (now.isBefore(compactionDue)) {
      return;
    }
    while (true) {
      CompactionPlan plan = planner.plan(parts.values(), cuts, now);
      if (plan.due().isEmpty()) {
        for (SealedArtefact part : List.copyOf(parts.values())) {
          if (!plan.waiting().contains(part.key())) {
            forget(part);
          }
        }
        Instant next = plan.nextDue();
        Instant atLeast = now.plusSeconds(30); // what is sealed until then waits so long at most
        compactionDue = next == null || next.isAfter(atLeast) ? atLeast : next;
        return;
      }
      for (SegmentRun run : plan.due()) {
        stored(merger.merge(run, () -> false));
        for (SealedArtefact part : run.parts()) {
          forget(part);
        }
      }
    }
  }

  private void forget(SealedArtefact part) throws IOException {
    parts.remove(order(part));
    shadow.delete(part.key());
  }

  /** As a running Stream does it: one listing, and one deletion if something is due. */
  private void check() throws IOException {
    if (now.isBefore(checkDue)) {
      return;
    }
    checkDue = checkDue.plus(script.retention().checkInterval());
    if (!looks.isDueAtCheck(now)) {
      return;
    }
    ArchiveListing listing = new ReplicaArchive(replica, Retry.none()).list();
    listed();
    RetentionPlan plan = RetentionPlanner.plan(listing, script.retention(), now, now);
    if (!plan.going().isEmpty()) {
      replica.delete(plan.goingKeys());
    }
    looks.planned(true, plan.settled());
  }

  private void listed() {
    pages += replica.pages();
    marks += 2; // and the line
    listedAt = now;
    lookedAt = now;
    heardAt = now;
    looks.listed(now);
  }

  @Override
  public void close() throws IOException {
    shadow.close();
  }
}
