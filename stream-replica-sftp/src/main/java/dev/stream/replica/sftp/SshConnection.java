package dev.stream.replica.sftp;

import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.OpenFailException;

/**
 * A connection and its channels, which operations share. There are several because a server lets
 * only some two megabytes of a channel be under way, which caps its throughput over a long way.
 * Thread-safe.
 */
final class SshConnection implements AutoCloseable {

  private static final int MOST_CHANNELS = 6;

  /** If the server was heard within this time, nobody asks whether it is still there. */
  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Duration LONGEST_PING = Duration.ofSeconds(5);

  /** A channel and how many operations use it. */
  private static final class Shared {
    final SftpChannel channel;
    int users;

    Shared(SftpChannel channel) {
      this.channel = channel;
    }
  }

  /** The use of channels, which closing gives back. */
  final class Lease implements AutoCloseable {

    private final List<Shared> shared;
    private boolean closed;

    private Lease(List<Shared> shared) {
      this.shared = shared;
    }

    SftpChannel channel() {
      return shared.get(0).channel;
    }

    List<SftpChannel> channels() {
      return shared.stream().map(each -> each.channel).toList();
    }

    /** Lets others use further channels: the server may take its time with what is in these. */
    void avoid() {
      synchronized (SshConnection.this) {
        if (channels.removeAll(shared)) {
          avoided.addAll(shared);
        }
      }
    }

    @Override
    public void close() {
      synchronized (SshConnection.this) {
        if (!closed) {
          closed = true;
          shared.forEach(each -> each.users--);
        }
      }
    }
  }

  private final SSHClient client;
  private final WatchedSocket socket;
  private final Duration timeout;
  private final List<Shared> channels = new ArrayList<>();

  /**
   * Channels in which the server is busy with what failed. They are used when there are no others.
   */
  private final List<Shared> avoided = new ArrayList<>();

  private int mostChannels = MOST_CHANNELS;

  SshConnection(SSHClient client, WatchedSocket socket, Duration timeout) {
    this.client = client;
    this.socket = socket;
    this.timeout = timeout;
  }

  /**
   * Whether an operation may count on the connection. Asks the server if it was quiet for a while.
   */
  boolean isUsable() {
    if (!client.isConnected() || socket.isClosed()) {
      return false;
    }
    // A server that was silent for long is about to be given up, if it has not been just now.
    long fresh = Math.min(FRESH_NANOS, timeout.toNanos() / 2);
    if (System.nanoTime() - socket.heardAt() < fresh) {
      return true;
    }
    try (Lease lease = lease()) {
      lease.channel().ping(timeout.compareTo(LONGEST_PING) < 0 ? timeout : LONGEST_PING);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** One channel, the least used. */
  synchronized Lease lease() throws IOException {
    Shared least = leastUsed();
    least.users++;
    return new Lease(List.of(least));
  }

  /** All channels that the server allows, for one large transfer. */
  synchronized Lease leaseAll() throws IOException {
    while (channels.size() < mostChannels && tryOpen()) {
      // More channels are opened until the server refuses one.
    }
    if (channels.isEmpty()) {
      return lease();
    }
    channels.forEach(each -> each.users++);
    return new Lease(List.copyOf(channels));
  }

  private Shared leastUsed() throws IOException {
    Shared least = null;
    for (Shared each : channels) {
      if (least == null || each.users < least.users) {
        least = each;
      }
    }
    if (least != null && (least.users == 0 || channels.size() >= mostChannels || !tryOpen())) {
      return least;
    }
    if (least == null) {
      boolean unused = tryOpen();
    }
    return channels.get(channels.size() - 1);
  }

  /** Opens one more channel, unless the server refuses, as one does that bounds their number. */
  private boolean tryOpen() throws IOException {
    try {
      open();
      return true;
    } catch (OpenFailException e) {
      if (channels.isEmpty()) {
        takeBack(e);
      }
      mostChannels = channels.size();
      return false;
    }
  }

  private void takeBack(OpenFailException failure) throws OpenFailException {
    if (avoided.isEmpty()) {
      throw failure;
    }
    channels.addAll(avoided);
    avoided.clear();
  }

  private void open() throws IOException {
    try {
      channels.add(new Shared(SftpChannel.open(client, timeout)));
    } catch (OpenFailException e) {
      throw e;
    } catch (ConnectionException | IllegalStateException e) {
      throw new IOException("cannot open an SFTP session: " + ReplicaFailures.messageOf(e), e);
    }
  }

  /** Ends the connection at once. Operations under way fail. */
  @Override
  public void close() {
    try {
      // The socket is closed first: to say goodbye may wait for ever for a server that takes
      // nothing.
      socket.close();
    } catch (IOException e) {
      // The socket is of no use any more.
    }
    closeQuietly(client);
  }

  static void closeQuietly(SSHClient client) {
    try {
      client.close();
    } catch (IOException e) {
      // Closing a broken connection fails, which says nothing new.
    }
  }
}
