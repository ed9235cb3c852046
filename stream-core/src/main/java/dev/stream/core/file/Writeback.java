package dev.stream.core.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Has what is written to a file go to its disk meanwhile. The system would begin seconds later or
 * with gigabytes, and whoever then waits for the disk waits for all of it. Small files have no need
 * of it. Safe for use by several threads.
 */
final class Writeback {

  /** Enough for a disk to be busy; more often, it would rather hold up who writes. */
  static final long STEP = 256L << 20;

  /** Has what was written so far go to the disk, and waits for it. */
  @FunctionalInterface
  interface Disk {
    void force() throws IOException;
  }

  private final Disk disk;
  private final String name;

  // Guarded by this.
  private long waiting;
  private boolean ended;
  private @Nullable Thread thread;
  private @Nullable IOException failure;

  /**
   * Begins nothing yet.
   *
   * @param name of the thread
   */
  Writeback(Disk disk, String name) {
    this.disk = disk;
    this.name = name;
  }

  /** So many bytes were written. */
  synchronized void wrote(long bytes) {
    waiting += bytes;
    if (waiting >= STEP && !ended) {
      if (thread == null) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
      }
      notifyAll();
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
    }
  }

  private synchronized void failed(IOException e) {
    failure = e;
    ended = true;
  }

  /** Waits until there is enough to write; false if there will be nothing more. */
  private synchronized boolean next() throws InterruptedException {
    while (waiting < STEP && !ended) {
      wait();
    }
    boolean some = waiting > 0;
    waiting = 0;
    return some;
  }
}
