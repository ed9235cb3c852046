package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;

/** What these tests store. */
final class TestBodies {

  private TestBodies() {}

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static ObjectBody of(byte[] content) {
    return announcing(content.length, content);
  }

  static ObjectBody announcing(long size, byte[] content) {
    return new ObjectBody() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(content);
      }
    };
  }

  /** A body whose bytes from an offset on cannot be read. */
  static ObjectBody tornAt(int offset, byte[] content) {
    return new ObjectBody() {
      @Override
      public long size() {
        return content.length;
      }

      @Override
      public InputStream open() {
        return new SequenceInputStream(
            new ByteArrayInputStream(content, 0, offset),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("told to fail");
              }

              @Override
              public int read(byte[] target, int from, int length) throws IOException {
                return read();
              }
            });
      }
    };
  }
}
