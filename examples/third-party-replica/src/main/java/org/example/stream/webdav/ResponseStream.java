package org.example.stream.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * At most so many bytes of a response. It fails when the server stands still for too long; the
 * JDK's own stream would wait for ever.
 */
final class ResponseStream extends InputStream {

  private final InputStream in;
  private final WebdavClient client;
  private final ScheduledExecutorService clock;
  private final String doing;
  private long remaining;
  private volatile boolean stoodStill;

  ResponseStream(
      InputStream in,
      WebdavClient client,
      ScheduledExecutorService clock,
      String doing,
      long limit) {
    this.in = in;
    this.client = client;
    this.clock = clock;
    this.doing = doing;
    this.remaining = limit;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    long millis = client.patience().toMillis();
    Future<?> alarm = clock.schedule(this::giveUp, millis, TimeUnit.MILLISECONDS);
    try {
      int count = in.read(target, offset, (int) Math.min(length, remaining));
      remaining -= Math.max(count, 0);
      return count;
    } catch (IOException e) {
      IOException cause = stoodStill ? new IOException("nothing came for " + millis + " ms", e) : e;
      throw client.failures().unanswered(doing, cause);
    } finally {
      alarm.cancel(false);
    }
  }

  /** Closing wakes the reader. */
  private void giveUp() {
    stoodStill = true;
    try {
      in.close();
    } catch (IOException e) {
      // It is the reader that reports what happened.
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
