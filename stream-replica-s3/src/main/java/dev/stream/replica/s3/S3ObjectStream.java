package dev.stream.replica.s3;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import okhttp3.Response;

/** A range of an object, as one answer brings it: of one version, whatever happens meanwhile. */
final class ObjectStream extends InputStream {

  private final SignedClient client;
  private final String doing;
  private final Response response;
  private final InputStream in;
  private long remaining;
  private boolean closed;

  private ObjectStream(SignedClient client, String doing, Response response, long length) {
    this.client = client;
    this.doing = doing;
    this.response = response;
    this.in = response.body().byteStream();
    this.remaining = length;
  }

  /**
   * Opens a range.
   *
   * @param key whole key in the bucket
   */
  static InputStream open(SignedClient client, String doing, String key, long offset, long length)
      throws IOException {
    Call call = Call.of("GET", key);
    boolean toEnd = length >= Long.MAX_VALUE - offset;
    if (offset > 0 || !toEnd) {
      call = call.header("Range", "bytes=" + offset + "-" + (toEnd ? "" : offset + length - 1));
    }
    Response response;
    try {
      response = client.send(call);
    } catch (S3Error e) {
      if (e.status() == 416) {
        return InputStream.nullInputStream();
      }
      throw e;
    }
    if (offset > 0 && response.code() != 206) {
      response.close();
      throw new ReplicaException(
          Reason.REJECTED,
          "cannot " + doing + " in " + client.place() + ": the server ignores the range asked for");
    }
    return new ObjectStream(client, doing, response, length);
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
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (remaining == 0) {
      return -1;
    }
    int count;
    try {
      count = in.read(target, offset, (int) Math.min(length, remaining));
    } catch (IOException e) {
      throw client.failures().typed(doing, e);
    }
    if (count > 0) {
      remaining -= count;
    }
    return count;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      response.close();
      client.released();
    }
  }
}
