package dev.stream.core.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Has what is written to a file go to its disk meanwhile. The system would begin seconds later or
 * with gigabytes, and whoever then waits for the disk waits for all of it. Small files have no need
 * of it. Where others use the disk, an application that commits above all, who writes waits for it:
 * so they never wait for more than two steps. Safe for use by several threads.
 */
final class Writeback {

  /** Enough for a disk to be busy; more often, it would rather hold up who writes. */
  static final long STEP = 256L << 20;

  /** Of a disk that others use. */
  static final long SHARED_STEP = 1L << 20;

  /** Has what was written so far go to the disk, and waits for it. */
  @FunctionalInterface
  interface Disk {
    void force() throws IOException;
  }

  private final Disk disk;
  private final String name;
  private final boolean shared;
  private final long step;

  // Guarded by this.
  private long waiting;
  private boolean ended;
  private @Nullable Thread thread;
  private @Nullable IOException failure;

  /**
   * Begins nothing yet.
   *
   * @param name of the thread
   * @param shared whether others use the disk
   */
  Writeback(Disk disk, String name, boolean shared) {
    this.disk = disk;
    this.name = name;
    this.shared = shared;
    this.step = shared ? SHARED_STEP : STEP;
  }

  /** So many bytes were written. Waits, where others use the disk, while it is busy with more. */
  synchronized void wrote(long bytes) {
    waiting += bytes;
    if (waiting >= step && !ended) {
      if (thread == null) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
      }
      notifyAll();
      if (shared) {
        awaitTurn();
      }
    }
  }

  private synchronized void awaitTurn() {
    try {
      while (waiting >= step && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Whoever writes on notices.
    }
  }

  /** No more will be written: what is left goes to the disk, and the thread ends. */
  synchronized void rest() {
    ended = true;
    notifyAll();
  }

  /**
   * Waits for the end of what goes on since {@link #rest}.
   *
   * @throws IOException if any of it failed, which the system tells only once
   */
  void await() throws IOException {
    rest();
    try {
      Thread running = running();
      if (running != null) {
        running.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it was written to the disk");
    }
    throwFailure();
  }

  private synchronized @Nullable Thread running() {
    return thread;
  }

  private synchronized void throwFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  private void run() {
    try {
      while (next()) {
        disk.force();
      }
    } catch (IOException e) {
      failed(e);
    } catch (InterruptedException e) {
      failed(new InterruptedIOException("interrupted"));
    } catch (RuntimeException | Error e) {
      failed(new IOException("it could not be written to the disk: " + e, e)); // Nobody waits on.
    }
  }

  private synchronized void failed(IOException e) {
    failure = e;
    ended = true;
    notifyAll();
  }

  /** Waits until there is enough to write; false if there will be nothing more. */
  private synchronized boolean next() throws InterruptedException {
    while (waiting < step && !ended) {
      wait();
    }
    boolean some = waiting > 0;
    waiting = 0;
    notifyAll();
    return some;
  }
}
