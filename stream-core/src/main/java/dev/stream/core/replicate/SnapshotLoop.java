package dev.stream.core.replicate;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.retry.Backoff;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SealedState;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots, in a thread of its own: at the start of a generation, at intervals if there
 * were commits, and on request. Each proves capture: what it read must have the checksum that was
 * carried forward from commit to commit.
 */
final class SnapshotLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotLoop.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
  private static final int READ = 1 << 20;

  private record BaseImage(GenerationStart start, DatabaseImage image) {}

  /** Ends the writing of a snapshot that nobody waits for. */
  private static final class CancelledException extends IOException {
    private static final long serialVersionUID = 1L;

    CancelledException() {
      super("closing");
    }
  }

  private final PagedDatabase database;
  private final ShadowDirectory directory;
  private final ArtefactEncoding encoding;
  private final Capture capture;
  private final SealingLoop sealing;
  private final long intervalNanos;
  private final CompactionLoop compaction;
  private final Consumer<SealedArtefact> written;
  private final Random random = new Random();
  private final Episode episode = new Episode();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable GenerationStart current;
  private @Nullable BaseImage base;
  private boolean wanted;
  private boolean writing;
  private boolean complete; // the current generation has a snapshot, here or on every replica
  private long lastTxId = -1;
  private long dueAt;
  private long retryAt;
  private boolean stopping;
  private volatile boolean cancelled;

  SnapshotLoop(
      PagedDatabase database,
      ShadowDirectory directory,
      ArtefactEncoding encoding,
      Capture capture,
      SealingLoop sealing,
      Duration interval,
      CompactionLoop compaction,
      Consumer<SealedArtefact> written) {
    this.database = database;
    this.directory = directory;
    this.encoding = encoding;
    this.capture = capture;
    this.sealing = sealing;
    this.intervalNanos = interval.toNanos();
    this.compaction = compaction;
    this.written = written;
  }

  /** A generation begins; takes over the image. */
  void began(GenerationStart start, @Nullable DatabaseImage image) {
    BaseImage superseded;
    lock.lock();
    try {
      boolean same = current != null && current.generation().equals(start.generation());
      current = start;
      superseded = base;
      base = image == null ? null : new BaseImage(start, image);
      if (!same) {
        complete = start.resumed();
        lastTxId = -1;
        wanted = image == null && !start.resumed();
        retryAt = System.nanoTime();
      }
      dueAt = System.nanoTime() + intervalNanos;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (superseded != null) {
      close(superseded.image());
    }
  }

  /** Asks for a snapshot, unless the generation's first one is on its way. */
  void request(String why) {
    lock.lock();
    try {
      if (!wanted && base == null && (complete || !writing)) {
        LOG.info("a snapshot will be taken: {}", why);
        wanted = true;
        retryAt = System.nanoTime();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Nullable String error() {
    return episode.error();
  }

  /** Finishes the first snapshot of the generation, if that is on its way, and ends. */
  void stop() {
    lock.lock();
    try {
      stopping = true;
      if (complete) {
        cancelled = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends now. */
  void cancel() {
    cancelled = true;
    stop();
  }

  @Override
  public void run() {
    try {
      while (true) {
        BaseImage image = awaitWork();
        if (image == null && stopping && (complete || cancelled)) {
          return;
        }
        take(image);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      BaseImage left = takeBase();
      if (left != null) {
        close(left.image());
      }
    }
  }

  private @Nullable BaseImage takeBase() {
    lock.lock();
    try {
      BaseImage left = base;
      base = null;
      return left;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable BaseImage awaitWork() throws InterruptedException {
    lock.lock();
    try {
      while (base == null) {
        if (stopping && (complete || cancelled || !wanted)) {
          cancelled = true;
          return null;
        }
        DatabaseState state = capture.state();
        long next = wanted ? retryAt : dueAt;
        long wait = next - System.nanoTime();
        if (current != null && wait <= 0 && state != null) {
          if (wanted || state.txId() > lastTxId) {
            break;
          }
          dueAt = System.nanoTime() + intervalNanos;
          continue;
        }
        if (current == null) {
          changed.await();
        } else {
          long ignored = changed.awaitNanos(Math.max(wait, 1_000_000));
        }
      }
      writing = true;
      wanted = false;
      BaseImage image = base;
      base = null;
      return image;
    } finally {
      lock.unlock();
    }
  }

  private void take(@Nullable BaseImage image) throws InterruptedException {
    GenerationStart start = image == null ? current : image.start();
    if (start == null) {
      return;
    }
    boolean done = false;
    try {
      done =
          image != null
              ? write(
                  start,
                  image.image(),
                  new SealedState(start.base(), CommitClock.begin(start.startedAt())))
              : write(start, sealing.fixImage(database), null);
      if (done && episode.succeeded()) {
        LOG.info("snapshots work again");
      }
    } catch (CancelledException e) {
      LOG.info(
          "a snapshot of generation {} was broken off: {}", start.generation(), e.getMessage());
    } catch (IOException | RuntimeException e) {
      if (episode.failed("cannot take a snapshot: " + e)) {
        LOG.error(
            "cannot take a snapshot of generation {}: {}; a replica without one cannot be restored"
                + " in this generation. Stream tries again; if the disk is full, make room",
            start.generation(),
            e.toString());
      }
    } finally {
      ended(start, done);
    }
  }

  private void ended(GenerationStart start, boolean done) {
    lock.lock();
    try {
      writing = false;
      dueAt = System.nanoTime() + intervalNanos;
      boolean same = isCurrent(start);
      if (done && same) {
        complete = true;
      } else if (same && !wanted) {
        wanted = true;
        retryAt =
            System.nanoTime()
                + BACKOFF.delay(Math.min(Math.max(1, episode.failures()), 30), random).toNanos();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the snapshot is there, or not needed any more. */
  private boolean write(GenerationStart start, DatabaseImage image, @Nullable SealedState known)
      throws IOException, InterruptedException {
    ObjectKey key = ArtefactKeys.snapshot(start.generation(), image.txId());
    Path temporary = directory.temporary(key);
    try {
      DatabaseState at =
          DatabaseState.of(
              image.txId(), 0, image.pageSize(), image.highWaterMark(), image.position());
      SealedState sealed;
      ArtefactSummary summary;
      try (image) {
        sealed =
            known != null
                ? known
                : sealing.sealedThrough(
                    start.generation(), at.txId(), TimeUnit.SECONDS.toNanos(60));
        if (!isCurrent(start)) {
          return true;
        }
        if (sealed == null) {
          LOG.info("a snapshot at transaction {} was discarded: no segment ends there", at.txId());
          return false;
        }
        summary = encode(start, image, at, sealed.clock(), temporary);
      }
      if (!isCurrent(start)) {
        return true;
      }
      DatabaseState expected = sealed.database();
      if (expected.checksum() != summary.checksum()
          || expected.highWaterMark() != at.highWaterMark()
          || expected.pageSize() != at.pageSize()) {
        captureWasWrong(at.txId());
        return true;
      }
      compaction.remember(start.generation(), at.txId());
      directory.publish(temporary, key);
      published(at.txId());
      written.accept(
          SealedArtefact.snapshot(
              start.generation(), at.txId(), key, summary.size(), sealed.clock().lastCommitAt()));
      return true;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void published(long txId) {
    lock.lock();
    try {
      lastTxId = txId;
    } finally {
      lock.unlock();
    }
  }

  private ArtefactSummary encode(
      GenerationStart start,
      DatabaseImage image,
      DatabaseState at,
      CommitClock clock,
      Path temporary)
      throws IOException {
    int pageSize = at.pageSize();
    ByteBuffer buffer = ByteBuffer.allocate(Math.max(READ / pageSize, 1) * pageSize);
    try (ArtefactWriter writer =
        ArtefactWriter.create(
            temporary,
            encoding.snapshot(start.generation(), at, clock),
            encoding.codec(),
            encoding.executor())) {
      long id = 1;
      while (id <= at.highWaterMark()) {
        if (cancelled) {
          throw new CancelledException();
        }
        int count = (int) Math.min(buffer.capacity() / pageSize, at.highWaterMark() - id + 1);
        image.read(id, count, buffer.clear());
        writer.addPages(id, buffer.flip());
        id += count;
      }
      return writer.finish();
    }
  }

  private void captureWasWrong(long txId) throws IOException {
    String reason =
        "the self-check at transaction "
            + txId
            + " failed: the database is not what its captured commits amount to";
    LOG.error(
        "{}; replicas may be wrong since the last snapshot of this generation. A new generation"
            + " begins with a new snapshot; please report this",
        reason);
    sealing.paused(
        () -> {
          try (DatabaseImage image = database.snapshot()) {
            capture.rebase(BaseScan.hashes(image), image.txId(), sealing::waiting, reason);
          }
          return true;
        });
  }

  private boolean isCurrent(GenerationStart start) {
    lock.lock();
    try {
      return current != null && current.generation().equals(start.generation());
    } finally {
      lock.unlock();
    }
  }

  private static void close(DatabaseImage image) {
    try {
      image.close();
    } catch (IOException e) {
      LOG.warn("an image of the database could not be closed: {}", e.toString());
    }
  }
}
