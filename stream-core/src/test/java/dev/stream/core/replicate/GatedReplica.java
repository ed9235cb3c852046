package dev.stream.core.replicate;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A replica that stops in the middle of a snapshot until it is let go on. */
public final class GatedReplica extends ForwardingReplica {

  public final AtomicInteger snapshots = new AtomicInteger(); // begun
  public final CountDownLatch inTheMiddle = new CountDownLatch(1);
  public final CountDownLatch gate = new CountDownLatch(1);

  public GatedReplica(Replica inner) {
    super(inner);
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return super.put(key, gated(key, body));
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return super.create(key, gated(key, body));
  }

  private ObjectBody gated(ObjectKey key, ObjectBody body) {
    if (!key.value().contains("/snapshots/")) {
      return body;
    }
    snapshots.incrementAndGet();
    return new ObjectBody() {
      @Override
      public long size() {
        return body.size();
      }

      @Override
      public InputStream open() throws IOException {
        return new Gated(body.open(), body.size() / 2);
      }
    };
  }

  private final class Gated extends FilterInputStream {

    private long left;

    Gated(InputStream in, long until) {
      super(in);
      this.left = until;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left <= 0) {
        inTheMiddle.countDown();
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new IOException("interrupted", e);
        }
        return super.read(target, offset, length);
      }
      int count = super.read(target, offset, (int) Math.min(length, left));
      left -= count;
      return count;
    }
  }
}
