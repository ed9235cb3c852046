package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectBody;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import okhttp3.Response;

/** Stores objects: small ones by one request, large ones in parts. Thread-safe. */
final class S3ObjectStore {

  private final SignedClient client;
  private final ParallelRequests workers;
  private final long partSize;
  private final Map<String, String> options;
  private final StaleUploads stale;

  /**
   * A store.
   *
   * @param partSize largest object that is stored by one request
   * @param options headers of requests that create an object
   */
  S3ObjectStore(
      SignedClient client, ParallelRequests workers, long partSize, Map<String, String> options) {
    this.client = client;
    this.workers = workers;
    this.partSize = partSize;
    this.options = options;
    this.stale = new StaleUploads(client);
  }

  /**
   * Stores an object under a whole key.
   *
   * @return when, by the server's clock, to the second or two
   */
  Instant put(String key, ObjectBody body) throws IOException {
    return put(key, body, Map.of());
  }

  /**
   * The same under conditions.
   *
   * @param conditions headers of the request that makes the object visible, which is then sent once
   *     only: the answer to a repetition would be about the object that the first one stored
   */
  Instant put(String key, ObjectBody body, Map<String, String> conditions) throws IOException {
    PartPlan plan = PartPlan.of(body.size(), partSize);
    if (body.size() > partSize) {
      stale.removeOnce();
      return new MultipartUpload(client, workers, options, key, body, plan).store(conditions);
    }
    S3Request call = S3Request.of("PUT", key).headers(options).headers(conditions);
    PartBody whole = new PartBody(key, body, 0, body.size(), !conditions.isEmpty());
    try (Response response = client.send(client.withBody(call, whole))) {
      return answeredAt(response);
    }
  }

  static Instant answeredAt(Response response) {
    Date date = response.headers().getDate("Date");
    return date == null ? Instant.now() : date.toInstant();
  }
}
