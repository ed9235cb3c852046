package dev.stream.replica.sftp;

import dev.stream.api.replica.support.RangeStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * A range of a remote file, asked for ahead of the reader: the more, the further he reads. For one
 * thread.
 */
final class SftpRangeStream extends RangeStream {

  /** How many requests ahead of its reader every stream may have. */
  private static final int LEAST_AHEAD = 8;

  /**
   * Of a range that has an end so many requests are asked for at once, for its reader wants all of
   * it, and over a long way each round in which fewer are asked for is one for nothing.
   */
  private static final int OF_A_RANGE = 64;

  /** Over a long way, the number of requests under way bounds the throughput. */
  private static final int MOST_AHEAD = 512;

  private record Part(long offset, int length, boolean charged, PendingReply reply) {}

  private final ChannelPool<SftpChannel>.Lease lease;
  private final byte[] handle;
  private final Semaphore budget;
  private final SftpFailures failures;
  private final String doing;
  private final Deque<Part> ahead = new ArrayDeque<>();
  private final long end;
  private long asked;
  private int allowed = LEAST_AHEAD;
  private @Nullable Response current;
  private int currentLeft;

  /**
   * Asks for the first bytes.
   *
   * @param budget requests that all streams together may have ahead beyond the least
   * @param offset where to begin
   * @param end where to end; the file may end earlier
   */
  SftpRangeStream(
      ChannelPool<SftpChannel>.Lease lease,
      byte[] handle,
      Semaphore budget,
      SftpFailures failures,
      String doing,
      long offset,
      long end)
      throws IOException {
    super(end - offset);
    this.lease = lease;
    this.handle = handle;
    this.budget = budget;
    this.failures = failures;
    this.doing = doing;
    this.asked = offset;
    this.end = end;
    if (end < Long.MAX_VALUE) {
      allowed = OF_A_RANGE;
    }
    askAhead();
  }

  private void askAhead() throws IOException {
    SftpChannel channel = lease.channel();
    while (asked < end && ahead.size() < allowed) {
      boolean charged = ahead.size() >= LEAST_AHEAD;
      if (charged && !budget.tryAcquire()) {
        return;
      }
      int length = (int) Math.min(channel.readChunk(), end - asked);
      ahead.add(new Part(asked, length, charged, channel.read(handle, asked, length)));
      asked += length;
    }
  }

  @Override
  protected int readSome(byte[] target, int offset, int length) throws IOException {
    if (currentLeft == 0 && !next()) {
      return -1;
    }
    int count = Math.min(length, currentLeft);
    Objects.requireNonNull(current).readRawBytes(target, offset, count);
    currentLeft -= count;
    return count;
  }

  @Override
  protected IOException typed(IOException failure) {
    return failures.typed(doing, failure);
  }

  /** Waits for the next bytes; false at the end of the file or of the range. */
  private boolean next() throws IOException {
    current = null;
    if (ahead.isEmpty()) {
      return false;
    }
    Part part = ahead.remove();
    if (part.charged()) {
      budget.release();
    }
    Response response = part.reply().await();
    if (response.getType() != PacketType.DATA) {
      response.ensurePacketTypeIs(PacketType.STATUS).ensureStatusIs(StatusCode.EOF);
      return false;
    }
    int count = response.readUInt32AsInt();
    if (count <= 0 || count > part.length()) {
      throw new IOException("the server sent " + count + " instead of " + part.length() + " bytes");
    }
    if (count < part.length()) {
      // Servers may answer with fewer bytes than were asked for. The rest is the next thing to
      // read.
      int rest = part.length() - count;
      long from = part.offset() + count;
      ahead.addFirst(new Part(from, rest, false, lease.channel().read(handle, from, rest)));
    }
    current = response;
    currentLeft = count;
    allowed = Math.min(allowed + 2, MOST_AHEAD);
    askAhead();
    return true;
  }

  /** Gives everything back, without waiting for the server. */
  @Override
  protected void release() {
    current = null;
    for (Part part : ahead) {
      if (part.charged()) {
        budget.release();
      }
    }
    ahead.clear();
    try {
      lease.channel().close(handle);
    } catch (IOException e) {
      // The connection is broken, and the server closes what was open.
    } finally {
      lease.close();
    }
  }
}
