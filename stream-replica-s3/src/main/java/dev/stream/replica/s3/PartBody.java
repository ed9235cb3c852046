package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.support.ExactBody;
import io.minio.Checksum;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A range of an object's body, read each time it is sent. */
final class PartBody extends RequestBody {

  private static final int BUFFER = 64 << 10;

  private final String key;
  private final ObjectBody body;
  private final long offset;
  private final long length;
  private final boolean once;
  private boolean failed;

  PartBody(String key, ObjectBody body, long offset, long length) {
    this(key, body, offset, length, false);
  }

  /**
   * A range.
   *
   * @param key the object's, for messages
   * @param once not to be sent a second time
   */
  PartBody(String key, ObjectBody body, long offset, long length, boolean once) {
    this.key = key;
    this.body = body;
    this.offset = offset;
    this.length = length;
    this.once = once;
  }

  /** Takes the bytes. */
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
    return once || failed;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    copy((bytes, count) -> sink.write(bytes, 0, count));
  }

  /** The checksum of the range in hex, for which the range is read once more. */
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
    try (ExactBody in = ExactBody.open(key, body)) {
      in.skipNBytes(offset);
      for (long remaining = length; remaining > 0; remaining -= held) {
        if (held > 0) {
          target.write(buffer, held);
        }
        held = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, remaining));
      }
    } catch (ReplicaException e) {
      failed = true;
      throw e;
    }
    if (held > 0) {
      target.write(buffer, held);
    }
  }
}
