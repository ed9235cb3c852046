package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file under the transactions that its program holds, where it does: of a state that
 * follows the one that was delivered last, nothing but what is new in it. For use by one thread.
 */
final class Pins implements AutoCloseable {

  /** How long a program that was of no use is not asked again. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Larger files are copied first even if little of it is kept: a state is held only for that. */
  private static final long LARGEST_HELD = 128 << 20;

  private final Path folder;
  private final MemoryCopy memory;
  private @Nullable PinnedFile pinned;
  private @Nullable String notice;
  private @Nullable String told;
  private long failedAt;
  private boolean failed;
  private boolean overlapped;

  /**
   * Of no program yet.
   *
   * @param folder for temporary files
   */
  Pins(Path folder, MemoryCopy memory) {
    this.folder = folder;
    this.memory = memory;
  }

  /**
   * Reads the newest state.
   *
   * @param newest as it was found
   * @param wish what is wished for of that
   * @param step says what is wished for of a later one
   * @return null if no program holds a transaction
   */
  @Nullable Reading read(BoltFile file, BoltMeta newest, Attempts.Wish wish, Attempts.Step step)
      throws IOException {
    boolean read = false;
    try {
      PinnedFile open = pinned;
      BoltState known = wish.known();
      overlapped =
          open != null
              && known != null
              && !wish.whole()
              && newest.isAfter(known.meta())
              && open.identity().equals(file.identity())
              && open.follows(known);
      Reading reading;
      if (open != null && known != null && overlapped) {
        reading = open.follow(known);
      } else {
        open = open(file);
        BoltMeta held = open == null ? newest : open.newest();
        Attempts.Wish wanted = held.equals(newest) ? wish : step.wish(file, held);
        reading = open == null || wanted == null ? null : read(open, held, wanted);
      }
      read = reading != null;
      return reading;
    } catch (MovedOnException e) {
      return null; // The program has ended, or closed its database.
    } finally {
      if (!read) {
        close();
      }
    }
  }

  private Reading read(PinnedFile open, BoltMeta held, Attempts.Wish wish) throws IOException {
    long bytes = held.highWaterMark() * held.pageSize();
    BoltState known = wish.known();
    BoltMeta copied = open.copyTo(memory);
    Reading reading;
    if (copied != null) {
      reading =
          Reading.read(memory, copied, Proof.still(), open.identity(), known, wish.whole(), folder);
    } else if (bytes <= LARGEST_HELD && !wish.whole()) {
      reading = open.readHeld(known);
    } else {
      reading = Reading.read(open.copy(), open.identity(), known);
    }
    open.prove(reading.inUse());
    return reading;
  }

  private @Nullable PinnedFile open(BoltFile file) throws IOException {
    PinnedFile open = pinned;
    if (open != null && open.isHeld() && open.identity().equals(file.identity())) {
      return open;
    }
    close();
    if (!Files.exists(Pin.socket(file.path())) || isPausing()) {
      return null;
    }
    failed = true;
    failedAt = System.nanoTime();
    try {
      open = PinnedFile.open(file.path(), folder);
      pinned = open;
      failed = false;
      return open;
    } catch (OtherProgramException e) {
      notice = e.getMessage();
      return null;
    } catch (IOException | UnsupportedOperationException e) {
      return null; // A leftover, a program that hangs, or a path too long for a socket.
    }
  }

  private boolean isPausing() {
    return failed && System.nanoTime() - failedAt < PAUSE_NANOS;
  }

  /** Whether of the state that was read last only what was new in it was read. */
  boolean hasOverlapped() {
    return pinned != null && overlapped;
  }

  /** Whether the next state costs what is new in it. */
  boolean areHeld() {
    return pinned != null && pinned.isHeld();
  }

  /** How long it took to move on from state to state, since this was asked last. */
  long movingNanos() {
    return pinned == null ? 0 : pinned.movingNanos();
  }

  /** What an operator should know of the program; null if there is nothing new. */
  @Nullable String notice() {
    String now = notice;
    if (now == null || now.equals(told)) {
      return null;
    }
    told = now;
    return now;
  }

  /** Lets go of everything; the next reading begins anew. */
  @Override
  public void close() throws IOException {
    PinnedFile open = pinned;
    pinned = null;
    if (open != null) {
      open.close();
    }
  }
}
