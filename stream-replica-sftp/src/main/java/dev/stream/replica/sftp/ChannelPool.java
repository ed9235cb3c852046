package dev.stream.replica.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.connection.channel.OpenFailException;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a connection, which operations share. There are several because a server lets
 * only some two megabytes of a channel be under way, which caps its throughput over a long way. To
 * open one takes three round trips, so that several are opened at the same time. Thread-safe.
 *
 * @param <C> a channel
 */
final class ChannelPool<C> {

  /** Opens a channel of the connection, in any thread. */
  @FunctionalInterface
  interface Opener<C> {

    /**
     * Opens one.
     *
     * @throws OpenFailException if the server refuses, as one does that bounds their number
     */
    C open() throws IOException;
  }

  /** A channel and how many operations use it. */
  private static final class Shared<C> {
    final C channel;
    int users;

    Shared(C channel) {
      this.channel = channel;
    }
  }

  /** The use of channels, which closing gives back. */
  final class Lease implements AutoCloseable {

    private final List<Shared<C>> shared;
    private boolean closed;

    private Lease(List<Shared<C>> shared) {
      this.shared = shared;
      shared.forEach(each -> each.users++);
    }

    C channel() {
      return shared.get(0).channel;
    }

    List<C> channels() {
      return shared.stream().map(each -> each.channel).toList();
    }

    /** Lets others use further channels: the server may take its time with what is in these. */
    void avoid() {
      synchronized (ChannelPool.this) {
        if (channels.removeAll(shared)) {
          avoided.addAll(shared);
        }
      }
    }

    @Override
    public void close() {
      synchronized (ChannelPool.this) {
        if (!closed) {
          closed = true;
          shared.forEach(each -> each.users--);
        }
      }
    }
  }

  private final Opener<C> opener;
  private final List<Shared<C>> channels = new ArrayList<>();

  /**
   * Channels in which the server is busy with what failed. They are used when there are no others.
   */
  private final List<Shared<C>> avoided = new ArrayList<>();

  private int most;
  private int opening;

  /**
   * Has none yet.
   *
   * @param most how many there shall be; fewer if the server refuses
   */
  ChannelPool(int most, Opener<C> opener) {
    this.most = most;
    this.opener = opener;
  }

  /** One channel, the least used. */
  Lease one() throws IOException {
    while (true) {
      synchronized (this) {
        Shared<C> least = leastUsed();
        if (least != null && (least.users == 0 || !mayOpen())) {
          return new Lease(List.of(least));
        }
        awaitChance();
      }
      Shared<C> opened = open();
      if (opened != null) {
        synchronized (this) {
          return new Lease(List.of(opened));
        }
      }
    }
  }

  /** All channels that the server allows, for one large transfer. */
  Lease all() throws IOException {
    int missing;
    synchronized (this) {
      missing = most - channels.size() - opening;
    }
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < missing; i++) {
      Thread other = new Thread(this::openAnother, "stream-sftp-channel");
      other.setDaemon(true);
      other.start();
      others.add(other);
    }
    if (missing > 0) {
      Shared<C> ignored = open(); // here, so that why there is none is thrown to the caller
    }
    for (Thread other : others) {
      join(other);
    }
    synchronized (this) {
      if (!channels.isEmpty()) {
        return new Lease(List.copyOf(channels));
      }
    }
    return one();
  }

  private void openAnother() {
    try {
      Shared<C> ignored = open();
    } catch (IOException | RuntimeException e) {
      // Whoever uses the connection learns of it.
    }
  }

  private @Nullable Shared<C> leastUsed() {
    Shared<C> least = null;
    for (Shared<C> each : channels) {
      if (least == null || each.users < least.users) {
        least = each;
      }
    }
    return least;
  }

  private boolean mayOpen() {
    return channels.size() + opening < most;
  }

  /** Opens one more; null if there shall not be more, or the server refuses. */
  private @Nullable Shared<C> open() throws IOException {
    synchronized (this) {
      if (!mayOpen()) {
        return null;
      }
      opening++;
    }
    Shared<C> opened = null;
    OpenFailException refusal = null;
    try {
      opened = new Shared<>(opener.open());
    } catch (OpenFailException e) {
      refusal = e;
    } finally {
      synchronized (this) {
        opening--;
        if (opened != null) {
          channels.add(opened);
        }
        notifyAll();
      }
    }
    if (refusal != null) {
      refused(refusal);
    }
    return opened;
  }

  private synchronized void refused(OpenFailException failure) throws OpenFailException {
    if (channels.isEmpty() && opening == 0) {
      if (avoided.isEmpty()) {
        throw failure;
      }
      channels.addAll(avoided);
      avoided.clear();
    }
    most = Math.max(1, channels.size() + opening);
  }

  /** Waits until there is a channel, or one can be opened. */
  private void awaitChance() throws IOException {
    try {
      while (channels.isEmpty() && !mayOpen()) {
        wait();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static void join(Thread other) throws IOException {
    try {
      other.join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a channel is opened");
  }
}
