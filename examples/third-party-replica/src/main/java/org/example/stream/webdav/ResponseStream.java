package org.example.stream.webdav;

import dev.stream.api.replica.support.RangeStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * At most so many bytes of a response. It fails when the server stands still for too long; the
 * JDK's own stream would wait for ever.
 */
final class ResponseStream extends RangeStream {

  private final InputStream in;
  private final WebdavClient client;
  private final ScheduledExecutorService clock;
  private final String doing;
  private volatile boolean stoodStill;

  ResponseStream(
      InputStream in,
      WebdavClient client,
      ScheduledExecutorService clock,
      String doing,
      long limit) {
    super(limit);
    this.in = in;
    this.client = client;
    this.clock = clock;
    this.doing = doing;
  }

  @Override
  protected int readSome(byte[] target, int offset, int length) throws IOException {
    long millis = client.patience().toMillis();
    Future<?> alarm = clock.schedule(this::giveUp, millis, TimeUnit.MILLISECONDS);
    try {
      return in.read(target, offset, length);
    } catch (IOException e) {
      throw stoodStill ? new IOException("nothing came for " + millis + " ms", e) : e;
    } finally {
      alarm.cancel(false);
    }
  }

  /** Closes the stream below, which wakes the reader. */
  private void giveUp() {
    stoodStill = true;
    try {
      in.close();
    } catch (IOException e) {
      // It is the reader that reports what happened.
    }
  }

  @Override
  protected IOException typed(IOException failure) {
    return client.failures().unanswered(doing, failure);
  }

  @Override
  protected void release() throws IOException {
    in.close();
  }
}
