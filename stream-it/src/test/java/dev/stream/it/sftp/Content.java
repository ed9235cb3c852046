package dev.stream.it.sftp;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;

/** Content of an object, during which something may happen. */
final class Content implements ObjectBody {

  /** What happens when half of the bytes were read. */
  interface Event {
    void happen() throws Exception;
  }

  private final byte[] bytes;
  private final Event half;

  private Content(byte[] bytes, Event half) {
    this.bytes = bytes;
    this.half = half;
  }

  static Content of(int size) {
    return of(size, () -> {});
  }

  static Content of(int size, Event half) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return new Content(bytes, half);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public InputStream open() {
    int middle = bytes.length / 2;
    return new SequenceInputStream(
        new ByteArrayInputStream(Arrays.copyOf(bytes, middle)),
        new InputStream() {
          private final InputStream rest =
              new ByteArrayInputStream(bytes, middle, bytes.length - middle);
          private boolean happened;

          @Override
          public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (!happened) {
              happened = true;
              try {
                half.happen();
              } catch (Exception e) {
                throw new IOException(e);
              }
            }
            return rest.read(target, offset, length);
          }
        });
  }
}
