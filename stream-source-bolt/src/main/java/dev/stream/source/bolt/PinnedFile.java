package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of which the program that writes it holds a state for us. A thread of its own moves on to
 * the newest state every few milliseconds, whatever is done meanwhile with what was read: what the
 * program frees while a state is held it cannot use again, bolt writes the list of that with each
 * commit from then on, and so a state that is held for long makes a busy program slow for good.
 *
 * <p>What is new in each state is kept, so that the one that was delivered last can be followed at
 * any time later, and so that a copy of everything can be made under one state after the other.
 *
 * <p>All but the moving on is for use by one thread at a time.
 */
final class PinnedFile implements AutoCloseable {

  private final HeldState held; // with the lock held, as all that is not final
  private final Path folder;
  private final HoldingPace pace;
  private final Thread mover;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition wake = lock.newCondition();
  private @Nullable PageCopy copy;
  private @Nullable Backlog backlog;
  private boolean following;
  private @Nullable IOException failure;
  private long movingNanos;
  private boolean closed;

  /** A copy, and the state that it is of. */
  record Copied(PageCopy pages, BoltMeta meta) {}

  private PinnedFile(HeldState held, Path folder) {
    this.held = held;
    this.folder = folder;
    this.pace = new HoldingPace(held.meta().pageSize(), System.nanoTime());
    this.mover = new Thread(this::move, "stream-bolt-pin-" + held.path().getFileName());
    mover.setDaemon(true);
  }

  /**
   * Has the newest state held.
   *
   * @param folder for temporary files
   * @throws IOException if nobody serves the socket, or what is said cannot be of this file
   * @throws OtherProgramException if who serves it speaks another language
   */
  static PinnedFile open(Path path, Path folder) throws IOException {
    PinnedFile opened = new PinnedFile(HeldState.open(path), folder);
    opened.mover.start();
    return opened;
  }

  /** Which file it is. */
  String identity() {
    return held.identity();
  }

  /** Moves on to the newest state. */
  BoltMeta newest() throws IOException {
    lock.lock();
    try {
      requireHeld();
      moveOn();
      return held.meta();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a state is still held. */
  boolean isHeld() {
    lock.lock();
    try {
      return failure == null && !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether what was changed since a state is known. */
  boolean follows(BoltState known) {
    lock.lock();
    try {
      return following
          && failure == null
          && backlog != null
          && backlog.from().equals(known.meta())
          && held.identity().equals(known.identity());
    } finally {
      lock.unlock();
    }
  }

  /** How long it took to move on, since this was asked last. */
  long movingNanos() {
    lock.lock();
    try {
      long nanos = movingNanos;
      movingNanos = 0;
      return nanos;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Copies a small file into memory.
   *
   * @return the state that was copied; null if it is too large for that
   */
  @Nullable BoltMeta copyTo(MemoryCopy memory) throws IOException {
    lock.lock();
    try {
      requireHeld();
      if (!held.copyTo(memory)) {
        return null;
      }
      held.require();
      begin();
      return held.meta();
    } finally {
      lock.unlock();
    }
  }

  /** Reads all of the state that is held now, and holds it until that is done. */
  Reading readHeld(@Nullable BoltState known) throws IOException {
    lock.lock();
    try {
      requireHeld();
      begin();
      return held.read(known, folder);
    } finally {
      lock.unlock();
    }
  }

  /** Copies everything to a temporary file, which the caller closes. */
  Copied copy() throws IOException {
    PageCopy pages = new PageCopy(held.path(), folder, newest().pageSize());
    Copied done = null;
    try {
      while (done == null) {
        lock.lock();
        try {
          done = copyOn(pages);
        } finally {
          lock.unlock();
        }
      }
      return done;
    } finally {
      if (done == null) {
        pages.close();
      }
    }
  }

  /** Copies a little; returns the copy when that was the last of it. */
  private @Nullable Copied copyOn(PageCopy pages) throws IOException {
    boolean more = false;
    try {
      requireHeld();
      copy = pages;
      more = held.copyRun(pages);
      if (more) {
        return null;
      }
      held.require();
      begin();
      return new Copied(pages, held.meta());
    } finally {
      if (!more) {
        copy = null;
      }
    }
  }

  /** What is changed from now on is kept. */
  private void begin() throws IOException {
    if (backlog != null) {
      backlog.close();
    }
    backlog = new Backlog(held.meta(), folder);
    following = false;
  }

  /** The pages in use of the state that was read or copied last: from now on it can be followed. */
  void prove(BitSet pages) {
    lock.lock();
    try {
      held.prove(pages);
      following = true;
    } finally {
      lock.unlock();
    }
  }

  /** What is new in the newest state since the one that was delivered last. */
  Reading follow(BoltState known) throws IOException {
    BoltMeta now;
    Backlog last;
    Changes changes;
    lock.lock();
    try {
      requireHeld();
      moveOn();
      last = backlog;
      if (last == null) {
        throw new IllegalStateException("nothing is followed");
      }
      now = held.meta();
      changes = last.handOut();
    } finally {
      lock.unlock();
    }
    HashChanges hashes = new HashChanges(known.hashes(), now);
    changes.put(0, now.firstPages());
    BitSet changed = changes.differing(hashes);
    Delivery delivery = new Delivery(changes, last, now);
    return new Reading(
        now,
        held.identity(),
        () -> {
          hashes.apply();
          delivery.done();
          return new BoltState(held.identity(), now, known.hashes());
        },
        delivery,
        false,
        changed,
        new BitSet());
  }

  /** Changes that are being delivered: they stay in the backlog if that fails. */
  private final class Delivery implements KeptPages {

    private final Changes changes;
    private final Backlog last;
    private final BoltMeta state;
    private boolean done;

    Delivery(Changes changes, Backlog last, BoltMeta state) {
      this.changes = changes;
      this.last = last;
      this.state = state;
    }

    void done() {
      done = true;
      lock.lock();
      try {
        last.delivered(state);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void read(long firstPage, ByteBuffer target) throws IOException {
      changes.read(firstPage, target);
    }

    @Override
    public void close() throws IOException {
      if (done) {
        changes.close();
      }
    }
  }

  private void requireHeld() throws IOException {
    if (failure instanceof NotKeptException) {
      throw new IOException(failure.getMessage(), failure);
    }
    if (failure != null || closed) {
      throw new MovedOnException("nothing is held any more");
    }
  }

  private void move() {
    lock.lock();
    try {
      while (!closed && failure == null) {
        var unused = wake.awaitNanos(pace.nanos());
        if (!closed && failure == null) {
          moveOn();
        }
      }
    } catch (IOException e) {
      // What failed is told to who reads next.
    } catch (InterruptedException e) {
      // Nobody but the machine that ends does this.
    } finally {
      lock.unlock();
    }
  }

  private void moveOn() throws IOException {
    long began = System.nanoTime();
    @Nullable IOException failed = new MovedOnException("it ended unexpectedly");
    try {
      pace.moved(held.moveOn(this::take, this::gone), began);
      failed = null;
    } catch (NotKeptException e) {
      failed = e;
      throw e;
    } catch (IOException e) {
      failed = new MovedOnException("nothing is held any more: " + e.getMessage());
      throw failed;
    } finally {
      movingNanos += System.nanoTime() - began;
      if (failed != null) {
        failure = failed;
        held.close(); // The program is to hold nothing that is not moved on.
      }
    }
  }

  private void take(long first, ByteBuffer pages) throws IOException {
    if (backlog != null) {
      backlog.changes().put(first, pages.duplicate());
    }
    if (copy != null) {
      copy.put(first, pages.duplicate());
    }
  }

  private void gone(BitSet pages) {
    if (backlog != null) {
      backlog.changes().gone(pages);
    }
  }

  /** Lets go of it. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (mover.isAlive()) {
      try {
        mover.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      held.close();
    } finally {
      if (backlog != null) {
        backlog.close();
      }
    }
  }
}
