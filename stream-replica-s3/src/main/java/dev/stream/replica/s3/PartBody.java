package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectBody;
import io.minio.Checksum;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A range of an object's body, read each time it is sent. */
final class PartBody extends RequestBody {

  private static final int BUFFER = 64 << 10;

  private final ObjectBody body;
  private final long offset;
  private final long length;
  private final boolean once;
  private @Nullable BodyFailure failure;

  PartBody(ObjectBody body, long offset, long length) {
    this(body, offset, length, false);
  }

  /**
   * A range.
   *
   * @param once not to be sent a second time
   */
  PartBody(ObjectBody body, long offset, long length, boolean once) {
    this.body = body;
    this.offset = offset;
    this.length = length;
    this.once = once;
  }

  /** Where bytes go. */
  private interface Target {
    void write(byte[] bytes, int count) throws IOException;
  }

  @Override
  public @Nullable MediaType contentType() {
    return null;
  }

  @Override
  public long contentLength() {
    return length;
  }

  /** A body that has failed is not read again behind the core's back. */
  @Override
  public boolean isOneShot() {
    return once || failure != null;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    copy((bytes, count) -> sink.write(bytes, 0, count));
  }

  /** The checksum of the range, in hex: one reading more. */
  String checksum() throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    copy((bytes, count) -> digest.update(bytes, 0, count));
    return Checksum.hexString(digest.digest());
  }

  /** Whether the body is as announced, where no byte of it will be sent that could fail. */
  void checkEmpty() throws IOException {
    copy((bytes, count) -> {});
  }

  /**
   * Hands over the range. Its last bytes come only once it is certain that the body is sound and,
   * if the range reaches to the announced end, that the body ends there: a server stores what is
   * complete.
   */
  private void copy(Target target) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, length))];
    int held = 0;
    long remaining = length;
    try (BodyStream in = BodyStream.open(body)) {
      in.skip(offset);
      while (remaining > 0) {
        if (held > 0) {
          target.write(buffer, held);
        }
        held = in.read(buffer, (int) Math.min(buffer.length, remaining));
        remaining -= held;
      }
      if (offset + length == body.size()) {
        in.checkEnd();
      }
    } catch (BodyFailure e) {
      failure = e;
      throw e;
    }
    if (held > 0) {
      target.write(buffer, held);
    }
  }

  /** Tells failures of the body from those of the network. */
  private record BodyStream(InputStream in, long announced) implements AutoCloseable {

    static BodyStream open(ObjectBody body) throws BodyFailure {
      try {
        return new BodyStream(body.open(), body.size());
      } catch (IOException | RuntimeException e) {
        throw BodyFailure.of(e);
      }
    }

    void skip(long count) throws BodyFailure {
      try {
        in.skipNBytes(count);
      } catch (IOException | RuntimeException e) {
        throw BodyFailure.of(e);
      }
    }

    /** Fills the buffer up to the limit. */
    int read(byte[] buffer, int limit) throws BodyFailure {
      int count;
      try {
        count = in.readNBytes(buffer, 0, limit);
      } catch (IOException | RuntimeException e) {
        throw BodyFailure.of(e);
      }
      if (count < limit) {
        throw new BodyFailure("is shorter than the " + announced + " bytes announced", null);
      }
      return count;
    }

    void checkEnd() throws BodyFailure {
      int next;
      try {
        next = in.read();
      } catch (IOException | RuntimeException e) {
        throw BodyFailure.of(e);
      }
      if (next >= 0) {
        throw new BodyFailure("is longer than the " + announced + " bytes announced", null);
      }
    }

    @Override
    public void close() throws BodyFailure {
      try {
        in.close();
      } catch (IOException | RuntimeException e) {
        throw BodyFailure.of(e);
      }
    }
  }
}
