package dev.stream.it.nats;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.Callable;

/** Bodies of objects. */
final class Bodies {

  private Bodies() {}

  static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static ObjectBody of(byte[] content) {
    return of(content.length, () -> new ByteArrayInputStream(content));
  }

  /** Does something when its first half was read. */
  static ObjectBody interruptedBy(byte[] content, Callable<?> action) {
    int half = content.length / 2;
    InputStream tail =
        new InputStream() {
          private final InputStream rest =
              new ByteArrayInputStream(content, half, content.length - half);
          private boolean done;

          @Override
          public int read() throws IOException {
            throw new IOException("read in blocks");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (!done) {
              done = true;
              try {
                action.call();
              } catch (Exception e) {
                throw new IOException(e);
              }
            }
            return rest.read(target, offset, length);
          }
        };
    return of(
        content.length,
        () -> new SequenceInputStream(new ByteArrayInputStream(content, 0, half), tail));
  }

  private static ObjectBody of(long size, Callable<InputStream> stream) {
    return new ObjectBody() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() throws IOException {
        try {
          return stream.call();
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    };
  }
}
