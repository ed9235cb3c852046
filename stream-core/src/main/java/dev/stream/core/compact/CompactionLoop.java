package dev.stream.core.compact;

import dev.stream.core.retry.Backoff;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.Episode;
import dev.stream.core.schedule.Task;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges segments in the shadow directory, as a task of its own: when something was sealed, or when
 * the passing of time makes something due, of which {@link #tick} tells.
 *
 * <p>The merged segment is in the directory, and with the uploaders, before its parts may go. A
 * crash in between leaves both, which is one chain as before.
 */
public final class CompactionLoop {

  /** What compaction reports. */
  public interface Events {
    /** A merged segment is in the shadow directory. */
    void merged(SealedArtefact segment);

    /** Something waits no longer to be merged. */
    void released();
  }

  private static final Logger LOG = LoggerFactory.getLogger(CompactionLoop.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final ShadowDirectory directory;
  private final boolean enabled;
  private final CompactionPlanner planner;
  private final SegmentMerger merger;
  private final Function<GenerationId, Instant> horizon;
  private final Clock clock;
  private final Events events;
  private final Task task;
  private final Episode episode;
  private final Episode damage;

  private final NavigableMap<GenerationId, CompactionParts> generations = new TreeMap<>();
  private @Nullable GenerationId current;
  private @Nullable Instant nextDue;
  private @Nullable Instant addedDue; // the same, of what was added since the last look
  private boolean due;
  private volatile boolean stopping;

  /**
   * A loop.
   *
   * @param levels the widths of the levels, ascending; none if nothing is to be merged
   * @param horizon up to when everything captured of a generation is sealed; {@link Instant#MAX} if
   *     that is all there will ever be
   * @param found what the shadow directory has
   */
  public CompactionLoop(
      ShadowDirectory directory,
      List<Duration> levels,
      SegmentMerger merger,
      Function<GenerationId, Instant> horizon,
      Collection<SealedArtefact> found,
      Events events,
      Environment environment)
      throws IOException {
    this.directory = directory;
    this.enabled = !levels.isEmpty();
    this.planner = new CompactionPlanner(levels);
    this.merger = merger;
    this.horizon = horizon;
    this.clock = environment.clock();
    this.events = events;
    this.task = environment.tasks().add("stream-compact", this::work);
    this.episode = new Episode(clock);
    this.damage = new Episode(clock);
    for (SealedArtefact artefact : found) {
      add(artefact);
    }
    for (Map.Entry<GenerationId, CompactionParts> entry : generations.entrySet()) {
      directory.cuts(entry.getKey()).forEach(entry.getValue()::cut);
    }
  }

  /**
   * From here on this generation is captured; those before it have ended.
   *
   * @param atBase whether there will be a snapshot of the state in which it begins
   */
  public synchronized void began(GenerationStart start, boolean atBase) {
    current = start.generation();
    if (enabled && atBase) {
      parts(start.generation()).cut(start.base().txId());
    }
    wake();
  }

  /** An artefact is in the shadow directory. */
  public synchronized void sealed(SealedArtefact artefact) {
    add(artefact);
    if (artefact.snapshot()) {
      wake();
    } else if (enabled) {
      dueBy(planner.openUntil(artefact)); // before that, nothing comes of one segment more
      tick();
    }
  }

  private void dueBy(Instant moment) {
    addedDue = earlier(addedDue, moment);
    nextDue = earlier(nextDue, moment);
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }

  private void add(SealedArtefact artefact) {
    if (!enabled) {
      return;
    }
    if (artefact.snapshot()) {
      parts(artefact.generation()).cut(artefact.lastTxId());
    } else {
      parts(artefact.generation()).add(artefact);
    }
  }

  private CompactionParts parts(GenerationId generation) {
    return generations.computeIfAbsent(generation, id -> new CompactionParts());
  }

  /** An image was taken of this transaction: runs end there, once its segment is sealed. */
  public synchronized void cut(GenerationId generation, long txId) {
    if (enabled) {
      parts(generation).cut(txId);
      dueBy(clock.instant());
    }
  }

  /** A snapshot of this transaction is about to be in the shadow directory, which may lose it. */
  public void remember(GenerationId generation, long txId) throws IOException {
    if (enabled) {
      directory.markCut(generation, txId);
    }
  }

  /** Whether the artefact must stay in the shadow directory, since it may yet be merged. */
  public synchronized boolean waits(SealedArtefact artefact) {
    CompactionParts parts = generations.get(artefact.generation());
    return parts != null && parts.has(artefact);
  }

  /**
   * Leaves the oldest segments unmerged.
   *
   * @param bytes how many bytes of them, at least
   * @param spared those of which it would make no room
   */
  public synchronized void giveUp(long bytes, Predicate<SealedArtefact> spared) {
    long left = bytes;
    for (CompactionParts parts : generations.values()) {
      left -= parts.giveUp(left, spared);
    }
  }

  /** Time has passed. */
  public synchronized void tick() {
    if (nextDue != null && !clock.instant().isBefore(nextDue)) {
      wake();
    }
  }

  private void wake() {
    due = true;
    task.wake();
  }

  /** Why merging fails, or last met a damaged segment; null if it has worked since. */
  public Episode.@Nullable Failure failure() {
    Episode.Failure failing = episode.failure();
    return failing != null ? failing : damage.failure();
  }

  /** Begins to merge, if segments are merged at all. */
  public void start() {
    if (enabled) {
      task.start();
    }
  }

  /** Breaks off what is being merged, and ends. */
  public void stop() {
    stopping = true;
    task.wakeNow();
  }

  /**
   * Waits until nothing is merged any more.
   *
   * @param deadlineNanos until when, as {@link System#nanoTime} counts
   */
  public void awaitEnd(long deadlineNanos) throws InterruptedException {
    boolean ignored = task.awaitEnd(deadlineNanos);
  }

  private long work() {
    if (stopping) {
      return Task.END;
    }
    if (!takeDue()) {
      return Task.NEVER;
    }
    try {
      while (!stopping && step()) {
        succeeded();
      }
      succeeded();
    } catch (CancellationException e) {
      LOG.debug("merging was broken off", e);
    } catch (IOException | RuntimeException | Error e) {
      return failed(e);
    }
    return Task.NOW;
  }

  private synchronized boolean takeDue() {
    boolean take = due && current != null;
    due &= !take;
    return take;
  }

  private void succeeded() {
    if (episode.succeeded()) {
      LOG.info("segments are merged again");
    }
  }

  private long failed(Throwable failure) {
    if (episode.failed("cannot merge segments: " + failure)) {
      LOG.warn(
          "cannot merge segments in {}: {}; replicas get every commit all the same, but keep more"
              + " objects than they need. Stream tries again; if the disk is full, make room",
          directory.root(),
          failure.toString());
    }
    synchronized (this) {
      due = true;
    }
    return task.retryAfter(BACKOFF, episode.failures());
  }

  /**
   * Merges one run, if one is due; else lets go of what waits for nothing any more.
   *
   * @return whether there may be more to do
   */
  boolean step() throws IOException {
    Instant next = null;
    boolean released = false;
    synchronized (this) {
      addedDue = null;
    }
    for (GenerationId generation : known()) {
      Instant sealedUntil = horizon.apply(generation); // first: what is sealed later is not missed
      CompactionPlan plan;
      List<SealedArtefact> planned;
      synchronized (this) {
        CompactionParts parts = parts(generation);
        planned = parts.all();
        plan = planner.plan(planned, parts.cuts(), sealedUntil);
      }
      if (!plan.due().isEmpty()) {
        merge(plan.due().get(0));
        return true;
      }
      released |= letGo(generation, planned, plan, sealedUntil.equals(Instant.MAX));
      next = earlier(next, plan.nextDue());
    }
    synchronized (this) {
      nextDue = earlier(next, addedDue);
    }
    if (released) {
      events.released();
    }
    return false;
  }

  private synchronized List<GenerationId> known() {
    return List.copyOf(generations.keySet());
  }

  private void merge(SegmentRun run) throws IOException {
    try {
      SealedArtefact merged = merger.merge(run, () -> stopping);
      boolean ignored = damage.succeeded();
      events.merged(merged);
      LOG.debug("{} stands for {} segments", merged.key(), run.parts().size());
      forget(run.parts());
      events.released();
    } catch (DamagedPartException e) {
      if (forget(List.of(e.part()))) { // else it was given up meanwhile
        boolean ignored = damage.failed("a segment stays unmerged: " + e.getMessage());
        LOG.warn(
            "{}. It stays as it is, and what is beside it is merged without it; replicas that have"
                + " it are not harmed",
            e.getMessage());
      }
    }
  }

  private synchronized boolean forget(List<SealedArtefact> parts) {
    return parts(parts.get(0).generation()).removeAll(parts);
  }

  private boolean letGo(
      GenerationId generation, List<SealedArtefact> planned, CompactionPlan plan, boolean ended)
      throws IOException {
    boolean released;
    long keepCutsFrom;
    synchronized (this) {
      CompactionParts parts = parts(generation);
      released =
          parts.removeAll(
              planned.stream().filter(part -> !plan.waiting().contains(part.key())).toList());
      keepCutsFrom = ended && parts.all().isEmpty() ? Long.MAX_VALUE : parts.firstCut();
      if (ended && parts.all().isEmpty()) {
        generations.remove(generation);
      } else if (!parts.forgetCuts(keepCutsFrom)) {
        return released;
      }
    }
    directory.forgetCuts(generation, keepCutsFrom);
    return released;
  }
}
