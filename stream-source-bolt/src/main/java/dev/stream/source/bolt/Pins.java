package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file under the transactions that its program holds, where it does. The transaction of the
 * state that was read last stays held, so that of the next one nothing is read but what is new in
 * it. For use by one thread.
 */
final class Pins implements AutoCloseable {

  /** How long a program that was of no use is not asked again. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Path folder;
  private @Nullable Pin pin;
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
  Pins(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the newest state, and keeps its transaction held.
   *
   * @param newest as it was found
   * @param wish what is wished for of that
   * @param step says what is wished for of a later one
   * @return null if no program holds a transaction
   */
  @Nullable Reading read(BoltFile file, BoltMeta newest, Attempts.Wish wish, Attempts.Step step)
      throws IOException {
    Pin open = next(file);
    if (open == null) {
      return null;
    }
    boolean read = false;
    try {
      Attempts.Wish wanted = open.meta().equals(newest) ? wish : step.wish(file, open.meta());
      if (wanted == null) {
        return null;
      }
      Reading reading = read(file, open, wanted);
      read = true;
      return reading;
    } catch (MovedOnException e) {
      return null; // The program has ended, or closed its database.
    } finally {
      if (!read) {
        close();
      }
    }
  }

  private Reading read(BoltFile file, Pin open, Attempts.Wish wish) throws IOException {
    Reading reading = overlapped(file, open, wish);
    overlapped = reading != null;
    if (reading == null) {
      BoltState known = wish.known();
      reading = Reading.read(file, open.meta(), open, file.identity(), known, wish.whole(), folder);
    }
    try {
      open.drop();
    } catch (IOException e) {
      close(); // What was read is proven; the next state is read without it.
    }
    return reading;
  }

  private @Nullable Reading overlapped(BoltFile file, Pin open, Attempts.Wish wish)
      throws IOException {
    BoltState known = wish.known();
    if (known == null
        || wish.whole()
        || !open.isOver(known.meta())
        || !known.identity().equals(file.identity())
        || !Overlap.isPossible(known.meta(), open.meta())) {
      return null;
    }
    try {
      return Overlap.read(file, open.meta(), open, known, folder);
    } catch (DamagedFileException e) {
      return null; // Reading all of it tells what is damaged.
    }
  }

  private @Nullable Pin next(BoltFile file) throws IOException {
    boolean next = false;
    try {
      Pin open = pin;
      if (open == null) {
        if (!Files.exists(Pin.socket(file.path())) || isPausing()) {
          return null;
        }
        open = Pin.connect(file.path());
        pin = open;
      }
      open.next(file);
      failed = false;
      next = true;
      return open;
    } catch (OtherProgramException e) {
      notice = e.getMessage();
      return null;
    } catch (IOException | UnsupportedOperationException e) {
      return null; // A leftover, a program that hangs, or a path too long for a socket.
    } finally {
      if (!next) {
        close();
        failed = true;
        failedAt = System.nanoTime();
      }
    }
  }

  private boolean isPausing() {
    return failed && System.nanoTime() - failedAt < PAUSE_NANOS;
  }

  /** There is nothing to read now. */
  void keep() throws IOException {
    Pin open = pin;
    if (open != null) {
      try {
        open.keep();
      } catch (MovedOnException e) {
        close();
      }
    }
  }

  /** Whether of the state that was read last only what was new in it was read. */
  boolean hasOverlapped() {
    return pin != null && overlapped;
  }

  /** Whether the next state costs what is new in it. */
  boolean areHeld() {
    return pin != null;
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
    Pin open = pin;
    pin = null;
    if (open != null) {
      open.close();
    }
  }
}
