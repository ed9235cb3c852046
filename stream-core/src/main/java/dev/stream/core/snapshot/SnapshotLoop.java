package dev.stream.core.snapshot;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.ImageGivenUpException;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CaptureScan;
import dev.stream.core.retry.Backoff;
import dev.stream.core.schedule.Episode;
import dev.stream.core.schedule.Task;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SealedState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots, as a task of its own: at the start of a generation, when {@link SnapshotDue}
 * says so if there were commits, and on request. Each proves capture: what it read must have the
 * checksum that was carried forward from commit to commit. In between, {@link CaptureScan} does.
 */
public final class SnapshotLoop {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotLoop.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

  /** Fixes an image of the newest commit, at whose transaction a segment will end. */
  @FunctionalInterface
  public interface ImageSource {
    DatabaseImage fix() throws IOException;
  }

  private final class Need implements SnapshotWriter.Need {

    @Override
    public boolean isCurrent(GenerationStart start) {
      return SnapshotLoop.this.isCurrent(start);
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isEnding() {
      return ending;
    }

    @Override
    public void known(SealedArtefact snapshot) {
      SnapshotLoop.this.known(snapshot);
    }

    @Override
    public void held() {
      if (proof.nanosLeft() <= 0) {
        scan();
      }
    }

    @Override
    public void rest(Duration pause) {
      SnapshotLoop.this.rest(pause);
    }

    @Override
    public void published(SealedArtefact snapshot) {
      SnapshotLoop.this.known(snapshot);
      written.accept(snapshot);
    }
  }

  private final Capture capture;
  private final ImageSource images;
  private final SnapshotWriter writer;
  private final SnapshotDue due;
  private final CaptureProof proof;
  private final Consumer<SealedArtefact> written;
  private final Task task;
  private final Random random = new Random();
  private final Episode episode = new Episode();

  private final List<Runnable> afterwards = new ArrayList<>();
  private @Nullable GenerationStart current;
  private @Nullable BaseImage base;
  private boolean wanted;
  private boolean writing;
  private boolean complete; // the current generation has a snapshot, here or on every replica
  private long lastTxId = -1;
  private long askedTxId = -1; // what a snapshot has to hold that was asked for meanwhile
  private long retryAt;
  private boolean stopping;
  private long restUntil = System.nanoTime(); // unless an operator asks
  private volatile boolean cancelled;
  private volatile boolean ending;

  public SnapshotLoop(
      Capture capture,
      ImageSource images,
      SnapshotWriter writer,
      SnapshotDue due,
      CaptureProof proof,
      Consumer<SealedArtefact> written,
      Tasks tasks) {
    this.capture = capture;
    this.images = images;
    this.writer = writer;
    this.due = due;
    this.proof = proof;
    this.written = written;
    this.task = tasks.add("stream-snapshot", this::work);
  }

  /** A generation begins; takes over the image. */
  public void began(GenerationStart start, @Nullable DatabaseImage image) {
    BaseImage superseded;
    synchronized (this) {
      boolean same = current != null && current.generation().equals(start.generation());
      current = start;
      superseded = base;
      base = image == null ? null : new BaseImage(start, image);
      if (!same) {
        complete = start.resumed();
        lastTxId = -1;
        askedTxId = -1;
        wanted = image == null && !start.resumed();
        retryAt = System.nanoTime();
      }
      due.began(start.generation());
      proof.scan().began(start.base().txId());
      task.wake();
    }
    if (superseded != null) {
      close(superseded.image());
    }
  }

  /** An artefact is in the shadow directory; it may make a snapshot due. */
  public synchronized void sealed(SealedArtefact artefact) {
    due.sealed(artefact);
    signalIfDue();
  }

  /** A replica has this of the current generation. */
  public synchronized void listed(GenerationListing there) {
    due.listed(there);
    signalIfDue();
  }

  private void signalIfDue() {
    if (due.nanosLeft() <= 0) {
      task.wake();
    }
  }

  /**
   * Asks for a snapshot for a replica that cannot do without one, unless one is on its way: that
   * may be enough.
   *
   * @param again looks at the replica anew; called once the one that is on its way has ended,
   *     unless it is the generation's first one
   */
  public synchronized void request(String why, Runnable again) {
    if (isFirstOnItsWay()) {
      return;
    }
    if (writing) {
      afterwards.add(again);
    } else {
      want(why);
    }
  }

  /**
   * Asks for a snapshot that holds every commit captured by now. If the generation's first one is
   * on its way that may be it; else there is one more when it is done.
   */
  public synchronized void requestNow() {
    if (requestNewest("it was asked for")) {
      retryAt = System.nanoTime();
    }
  }

  /** Returns whether it is the next one. */
  private synchronized boolean requestNewest(String why) {
    DatabaseState state = capture.state();
    if (!isFirstOnItsWay()) {
      want(why);
      return true;
    }
    if (state != null) {
      askedTxId = state.txId();
    }
    return false;
  }

  /** Whether the current generation gets its first snapshot, which is not everywhere known yet. */
  public synchronized boolean isFirstOnItsWay() {
    return base != null || (writing && !complete);
  }

  private void want(String why) {
    if (!wanted) {
      LOG.info("a snapshot will be taken: {}", why);
      wanted = true;
      retryAt = afterRest(System.nanoTime());
      task.wake();
    }
  }

  /** One that replicas did without is due at once, and costs as much again. */
  private long dueLeft() {
    return Math.max(due.nanosLeft(), restUntil - System.nanoTime());
  }

  private long afterRest(long at) {
    return at - restUntil < 0 ? restUntil : at;
  }

  public @Nullable String error() {
    return episode.error();
  }

  /** Finishes the first snapshot of the generation, if that is on its way, and ends. */
  public synchronized void stop() {
    stopping = true;
    if (complete) {
      cancelled = true;
    }
    task.wake();
  }

  /** Ends now. */
  public void cancel() {
    cancelled = true;
    ending = true;
    stop();
  }

  /** Begins to take snapshots. */
  public void start() {
    task.start();
  }

  /**
   * Waits until no snapshot is taken any more.
   *
   * @param deadlineNanos until when, as {@link System#nanoTime} counts
   */
  public void awaitEnd(long deadlineNanos) throws InterruptedException {
    boolean ignored = task.awaitEnd(deadlineNanos);
  }

  private long work() throws InterruptedException {
    SnapshotWork work = next();
    switch (work.kind()) {
      case SNAPSHOT -> take(work.base());
      case SCAN -> scan();
      case WAIT -> {
        return work.nanos();
      }
      case END -> {
        closeBase();
        return Task.END;
      }
    }
    return Task.NOW;
  }

  /** Lets go of an image that no snapshot was taken of, and will not be. */
  public void closeBase() {
    BaseImage left = takeBase();
    if (left != null) {
      close(left.image());
    }
  }

  private synchronized @Nullable BaseImage takeBase() {
    BaseImage left = base;
    base = null;
    return left;
  }

  private synchronized SnapshotWork next() {
    while (base == null) {
      if (stopping && (complete || cancelled || !wanted)) {
        cancelled = true;
        return SnapshotWork.END;
      }
      DatabaseState state = capture.state();
      if (current == null || state == null) {
        return SnapshotWork.waiting(Task.NEVER);
      }
      long wait = wanted ? retryAt - System.nanoTime() : dueLeft();
      if (wait > 0) {
        wait = Math.min(wait, proof.nanosLeft());
        return wait > 0 ? SnapshotWork.waiting(wait) : SnapshotWork.SCAN;
      }
      if (wanted || state.txId() > lastTxId) {
        break;
      }
      due.nothingNew();
    }
    writing = true;
    wanted = false;
    SnapshotWork work = SnapshotWork.snapshot(base);
    base = null;
    return work;
  }

  /**
   * Proves a further piece of what was captured. What is wrong is captured, and a snapshot taken.
   */
  private void scan() {
    if (proof.corrected()) {
      boolean ignored = requestNewest("what had been captured wrongly was captured again");
    }
  }

  private void take(@Nullable BaseImage image) throws InterruptedException {
    GenerationStart start = image == null ? current : image.start();
    if (start == null) {
      return;
    }
    boolean done = false;
    try (DatabaseImage fixed = image == null ? images.fix() : image.image()) {
      SealedState known =
          image == null
              ? null
              : new SealedState(start.base(), CommitClock.begin(start.startedAt()));
      done = writer.write(start, fixed, known, new Need());
      if (done && episode.succeeded()) {
        LOG.info("snapshots work again");
      }
    } catch (CancellationException e) {
      LOG.info(
          "a snapshot of generation {} was broken off: {}", start.generation(), e.getMessage());
    } catch (ImageGivenUpException e) {
      LOG.info(
          "a snapshot of generation {} is begun again: {}", start.generation(), e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      if (episode.failed("cannot take a snapshot: " + e)) {
        LOG.error(
            "cannot take a snapshot of generation {}: {}; a replica without one cannot be restored"
                + " in this generation. Stream tries again; if the disk is full, make room",
            start.generation(),
            e.toString());
      }
    } finally {
      ended(start, done).forEach(Runnable::run);
    }
  }

  /** Returns what is to be called now. */
  private synchronized List<Runnable> ended(GenerationStart start, boolean done) {
    writing = false;
    due.attempted();
    boolean same = isCurrent(start);
    if (done && same) {
      complete = true;
      if (askedTxId > lastTxId) {
        want("there was reason for one while the generation's first one was taken");
      }
      askedTxId = -1;
    } else if (same && !wanted) {
      wanted = true;
      int failures = Math.max(1, episode.failures());
      retryAt = afterRest(System.nanoTime() + BACKOFF.delay(failures, random).toNanos());
    }
    List<Runnable> ready = List.copyOf(afterwards);
    afterwards.clear();
    return ready;
  }

  private synchronized void known(SealedArtefact snapshot) {
    lastTxId = snapshot.lastTxId();
    proof.scan().proven(lastTxId, snapshot.firstCommitAt());
  }

  private synchronized void rest(Duration pause) {
    restUntil = System.nanoTime() + pause.toNanos();
  }

  private synchronized boolean isCurrent(GenerationStart start) {
    return current != null && current.generation().equals(start.generation());
  }

  private static void close(DatabaseImage image) {
    try {
      image.close();
    } catch (IOException | RuntimeException | Error e) {
      LOG.warn("an image of the database could not be closed: {}", e.toString());
    }
  }
}
