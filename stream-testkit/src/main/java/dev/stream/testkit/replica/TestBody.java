package dev.stream.testkit.replica;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A body that yields few bytes at a time, as a stream may, and counts its streams. */
final class TestBody implements ObjectBody {

  private static final int MOST_BYTES_AT_A_TIME = 4096;

  private final long announced;
  private final InputStreams streams;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  /** Makes a new stream from the first byte. */
  @FunctionalInterface
  interface InputStreams {
    InputStream open() throws IOException;
  }

  TestBody(long announced, InputStreams streams) {
    this.announced = announced;
    this.streams = streams;
  }

  static TestBody of(byte[] content) {
    return announcing(content.length, content);
  }

  static TestBody announcing(long size, byte[] content) {
    return new TestBody(size, () -> new ByteArrayInputStream(content));
  }

  /** Yields a part of the content and then runs the action. */
  static TestBody torn(byte[] content, long afterBytes, TornStream.Tear tear) {
    return new TestBody(
        content.length, () -> new TornStream(new ByteArrayInputStream(content), afterBytes, tear));
  }

  /** Pseudo-random bytes that are not held in memory. */
  static TestBody generated(long seed, long size) {
    return new TestBody(size, () -> new GeneratedStream(seed, size));
  }

  int opened() {
    return opened.get();
  }

  int stillOpen() {
    return opened.get() - closed.get();
  }

  @Override
  public long size() {
    return announced;
  }

  @Override
  public InputStream open() throws IOException {
    InputStream stream = streams.open();
    opened.incrementAndGet();
    return new FilterInputStream(stream) {
      private boolean isClosed;

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return super.read(target, offset, Math.min(length, MOST_BYTES_AT_A_TIME));
      }

      @Override
      public int available() {
        return 0;
      }

      @Override
      public void close() throws IOException {
        if (!isClosed) {
          isClosed = true;
          closed.incrementAndGet();
        }
        super.close();
      }
    };
  }

  /** Random bytes by seed. */
  static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A stream of pseudo-random bytes that needs no memory. */
  static final class GeneratedStream extends InputStream {

    private final long seed;
    private final long size;
    private long position;

    GeneratedStream(long seed, long size) {
      this.seed = seed;
      this.size = size;
    }

    @Override
    public int read() {
      return position == size ? -1 : byteAt(position++) & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      int count = (int) Math.min(length, size - position);
      for (int i = 0; i < count; i++) {
        target[offset + i] = byteAt(position + i);
      }
      position += count;
      return count == 0 ? -1 : count;
    }

    private byte byteAt(long index) {
      long mixed = (seed + (index >>> 3)) * 0x9e3779b97f4a7c15L;
      mixed ^= mixed >>> 29;
      return (byte) (mixed >>> ((index & 7) * 8));
    }
  }
}
