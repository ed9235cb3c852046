package dev.stream.replica.s3;

import dev.stream.api.replica.support.RangeStream;
import java.io.IOException;
import java.io.InputStream;
import okhttp3.Response;

/** A range of an object, as one answer brings it: of one version, whatever happens meanwhile. */
final class S3ObjectStream extends RangeStream {

  private final SignedClient client;
  private final String doing;
  private final Response response;
  private final InputStream in;

  private S3ObjectStream(SignedClient client, String doing, Response response, long length) {
    super(length);
    this.client = client;
    this.doing = doing;
    this.response = response;
    this.in = response.body().byteStream();
  }

  /**
   * Opens a range.
   *
   * @param key whole key in the bucket
   */
  static InputStream open(SignedClient client, String doing, String key, long offset, long length)
      throws IOException {
    S3Request call = S3Request.of("GET", key);
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
      throw client.failures().rejected(doing, "the server ignores the range asked for", null);
    }
    return new S3ObjectStream(client, doing, response, length);
  }

  @Override
  protected int readSome(byte[] target, int offset, int length) throws IOException {
    return in.read(target, offset, length);
  }

  @Override
  protected IOException typed(IOException failure) {
    return client.failures().typed(doing, failure);
  }

  @Override
  protected void release() {
    response.close();
    client.released();
  }
}
