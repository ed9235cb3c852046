package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest state: under a transaction that the program holds, if it does. Else again and
 * again if the writer commits faster than that: with pauses that grow, then from a clone, and for a
 * bounded time. For use by one thread.
 */
final class Attempts implements AutoCloseable {

  private static final int BEFORE_HELP = 2;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** A pause is so many times as long as the reading before it at least. */
  private static final int DISTANCE = 4;

  private final Path path;
  private final Path folder;
  private final FileClone clone;
  private final MemoryCopy copy;
  private final Pins pins;
  private long restedNanos;

  /** What to do with the newest state of a file. */
  @FunctionalInterface
  interface Step {

    /**
     * Decides what is to be read.
     *
     * @return null if nothing is to be read
     * @throws MovedOnException if it is to be looked at again
     */
    @Nullable Wish wish(BoltFile file, BoltMeta newest) throws IOException;
  }

  /**
   * What is to be read.
   *
   * @param known the state to compare with; null for none
   * @param whole whether to keep everything
   */
  record Wish(@Nullable BoltState known, boolean whole) {}

  Attempts(Path path, Path folder, FileClone clone) {
    this.path = path;
    this.folder = folder;
    this.clone = clone;
    this.copy = new MemoryCopy(path);
    this.pins = new Pins(folder, copy);
  }

  /** The file. */
  Path path() {
    return path;
  }

  /** Whether the program holds the state that was read last, so that the next one costs little. */
  boolean isFollowing() {
    return pins.areHeld();
  }

  /** Whether of the state that was read last only what was new in it was read. */
  boolean hasOverlapped() {
    return pins.hasOverlapped();
  }

  /** How long it took to keep what the program holds near the newest state, since last asked. */
  long movingNanos() {
    return pins.movingNanos();
  }

  /** The program is free to use all pages again: of the next state, all is read. */
  void letGo() throws IOException {
    pins.close();
  }

  /** What an operator should know of how it is read; null if there is nothing new. */
  @Nullable String notice() {
    return pins.notice();
  }

  /** Lets go of what the program holds. */
  @Override
  public void close() throws IOException {
    pins.close();
  }

  /** For how long it rested between readings, since this was asked last. */
  long restedNanos() {
    long rested = restedNanos;
    restedNanos = 0;
    return rested;
  }

  /**
   * Reads the newest state.
   *
   * @param patienceNanos for how long to try
   * @return null if nothing was to be read
   * @throws MovedOnException if no state could be proven in that time
   */
  @Nullable Reading read(Step step, long patienceNanos) throws IOException {
    long began = System.nanoTime();
    long pause = FIRST_PAUSE_NANOS;
    for (int attempt = 1; ; attempt++) {
      long attempted = System.nanoTime();
      try (BoltFile file = BoltFile.open(path)) {
        BoltMeta newest = file.newest();
        try {
          Wish wish = step.wish(file, newest);
          if (wish == null) {
            return null;
          }
          Reading pinned = pins.read(file, newest, wish, step);
          return pinned == null ? readAlone(file, newest, wish) : pinned;
        } catch (MovedOnException e) {
          Reading other = attempt < BEFORE_HELP ? null : fromCloneIfAny(file, step);
          if (other != null) {
            return other;
          }
          if (attempt >= BEFORE_HELP && System.nanoTime() - began > patienceNanos) {
            throw starved(file, attempt, System.nanoTime() - began);
          }
        }
      }
      long least = DISTANCE * (System.nanoTime() - attempted);
      sleep(Math.max(least, pause / 2 + ThreadLocalRandom.current().nextLong(pause)));
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  /** With nothing but the file. */
  private Reading readAlone(BoltFile file, BoltMeta newest, Wish wish) throws IOException {
    Proof proof = Proof.sameMeta(file, newest);
    if (!copy.fill(file, newest)) {
      return read(file, newest, proof, file.identity(), wish);
    }
    proof.require();
    return read(copy, newest, Proof.still(), file.identity(), wish);
  }

  private @Nullable Reading fromCloneIfAny(BoltFile file, Step step) throws IOException {
    try {
      return fromClone(file, step);
    } catch (MovedOnException e) {
      return null; // Cloned in the midst of something; it is looked at again.
    }
  }

  private Reading read(FileBytes file, BoltMeta meta, Proof proof, String identity, Wish wish)
      throws IOException {
    return Reading.read(file, meta, proof, identity, wish.known(), wish.whole(), folder);
  }

  private @Nullable Reading fromClone(BoltFile file, Step step) throws IOException {
    try (BoltFile cloned = clone.of(file)) {
      if (cloned == null) {
        return null;
      }
      BoltMeta newest = cloned.newest();
      Wish wish = step.wish(file, newest);
      return wish == null ? null : read(cloned, newest, Proof.still(), file.identity(), wish);
    }
  }

  private static MovedOnException starved(BoltFile file, int attempts, long nanos)
      throws IOException {
    return new MovedOnException(
        String.format(
            "%s (%d MiB) is written to faster than it can be read: in %d ms none of %d readings met"
                + " a moment without a commit. What was captured before is kept, and Stream goes on"
                + " trying, less often. Let the program serve pins (docs/BOLT.md), put \"tempDir\" on"
                + " the file system of the database if that is btrfs or XFS, or commit in larger"
                + " transactions",
            file.path(), file.size() >> 20, TimeUnit.NANOSECONDS.toMillis(nanos), attempts));
  }

  private void sleep(long nanos) throws IOException {
    restedNanos += nanos;
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted");
    }
  }
}
