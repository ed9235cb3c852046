package dev.stream.it.s3;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

/** What these tests store. */
final class Body {

  private Body() {}

  /** What happens when a byte is reached. */
  interface Event {
    void happen() throws IOException;
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static ObjectBody of(byte[] content) {
    return body(content, Integer.MAX_VALUE, () -> {});
  }

  /** Something happens before any byte from an offset on is read. */
  static ObjectBody body(byte[] content, int offset, Event event) {
    return new ObjectBody() {
      @Override
      public long size() {
        return content.length;
      }

      @Override
      public InputStream open() {
        return new FilterInputStream(new ByteArrayInputStream(content)) {
          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            if (content.length - available() + length > offset) {
              event.happen();
            }
            return super.read(target, from, length);
          }
        };
      }
    };
  }
}
