package dev.stream.it.server;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection over a distance: bytes come out some time after they went in, and
 * as fast. Many may be under way, as on a long wire.
 */
final class DelayLine {

  /** Enough for 600 MB/s over 25 ms; whoever puts in more waits. */
  private static final int CAPACITY = 16 << 20;

  private static final class Chunk {
    final byte[] bytes;
    final long dueNanos;

    Chunk(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }
  }

  private final Queue<Chunk> underWay = new ArrayDeque<>();
  private int size;
  private boolean ended;
  private boolean broken;

  /** Puts bytes in, which are due at this time of {@link System#nanoTime}. */
  synchronized void put(byte[] bytes, long dueNanos) throws InterruptedException {
    while (size >= CAPACITY && !broken) {
      wait();
    }
    underWay.add(new Chunk(bytes, dueNanos));
    size += bytes.length;
    notifyAll();
  }

  /** Says that nothing follows. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Lets nobody wait any more, and drops what is under way. */
  synchronized void breakOff() {
    broken = true;
    notifyAll();
  }

  /** Waits for the next bytes to come out; empty at the end. */
  synchronized Optional<byte[]> take() throws InterruptedException {
    while (!broken) {
      Chunk next = underWay.peek();
      if (next == null && ended) {
        break;
      }
      long left = next == null ? Long.MAX_VALUE : next.dueNanos - System.nanoTime();
      if (next != null && left <= 0) {
        underWay.remove();
        size -= next.bytes.length;
        notifyAll();
        return Optional.of(next.bytes);
      }
      if (next == null) {
        wait();
      } else {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
    return Optional.empty();
  }
}
