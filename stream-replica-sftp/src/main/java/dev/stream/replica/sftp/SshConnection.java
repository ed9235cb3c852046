package dev.stream.replica.sftp;

import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.time.Duration;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.OpenFailException;

/** A connection and its channels. Thread-safe. */
final class SshConnection implements AutoCloseable {

  /** OpenSSH allows ten sessions of a connection. */
  private static final int MOST_CHANNELS = 8;

  /** If the server was heard within this time, nobody asks whether it is still there. */
  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Duration LONGEST_PING = Duration.ofSeconds(5);

  private final SSHClient client;
  private final WatchedSocket socket;
  private final Duration timeout;
  private final ChannelPool<SftpChannel> channels;

  SshConnection(SSHClient client, WatchedSocket socket, Duration timeout) {
    this.client = client;
    this.socket = socket;
    this.timeout = timeout;
    this.channels = new ChannelPool<>(MOST_CHANNELS, this::open);
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
    try (ChannelPool<SftpChannel>.Lease lease = channels.one()) {
      lease.channel().ping(timeout.compareTo(LONGEST_PING) < 0 ? timeout : LONGEST_PING);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  ChannelPool<SftpChannel> channels() {
    return channels;
  }

  private SftpChannel open() throws IOException {
    try {
      return SftpChannel.open(client, timeout);
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
