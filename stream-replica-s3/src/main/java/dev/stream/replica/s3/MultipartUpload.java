package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectBody;
import io.minio.messages.CompleteMultipartUpload;
import io.minio.messages.InitiateMultipartUploadResult;
import io.minio.messages.Part;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import okhttp3.Response;

/** Stores one object in parts. It becomes visible, whole, with the last request. */
final class MultipartUpload {

  private final SignedClient client;
  private final ParallelRequests workers;
  private final Map<String, String> options;
  private final String key;
  private final ObjectBody body;
  private final PartPlan plan;

  MultipartUpload(
      SignedClient client,
      ParallelRequests workers,
      Map<String, String> options,
      String key,
      ObjectBody body,
      PartPlan plan) {
    this.client = client;
    this.workers = workers;
    this.options = options;
    this.key = key;
    this.body = body;
    this.plan = plan;
  }

  /**
   * Stores the object; a failure leaves nothing behind where the server can still be told.
   *
   * @param conditions headers of the last request
   */
  Instant store(Map<String, String> conditions) throws IOException {
    S3Request begin = S3Request.of("POST", key).query("uploads", "").headers(options);
    String id = XmlBody.read(client.send(begin), InitiateMultipartUploadResult.class).uploadId();
    try {
      Part[] parts = new Part[plan.count()];
      workers.run(parts.length, index -> parts[index] = send(id, index), () -> client.cancel(id));
      return complete(id, parts, conditions);
    } catch (IOException | RuntimeException | Error e) {
      abort(id, e);
      throw e;
    }
  }

  private Part send(String id, int index) throws IOException {
    S3Request call =
        S3Request.of("PUT", key)
            .query("partNumber", Integer.toString(index + 1))
            .query("uploadId", id);
    PartBody part = new PartBody(key, body, plan.offset(index), plan.length(index));
    try (Response response = client.send(client.withBody(call, part), id)) {
      String etag = response.header("ETag");
      if (etag == null) {
        throw new IOException("the server did not name part " + (index + 1) + " (no ETag)");
      }
      return new Part(index + 1, etag);
    }
  }

  private Instant complete(String id, Part[] parts, Map<String, String> conditions)
      throws IOException {
    S3Request call = S3Request.of("POST", key).query("uploadId", id).headers(conditions);
    Response response = client.send(XmlBody.in(call, new CompleteMultipartUpload(parts)));
    XmlBody.text(response);
    return S3ObjectStore.answeredAt(response);
  }

  private void abort(String id, Throwable failure) {
    try {
      client.sendBriefly(S3Request.of("DELETE", key).query("uploadId", id)).close();
    } catch (IOException | RuntimeException e) {
      // The failure that counts is the first one; what is left is removed as stale later.
      failure.addSuppressed(e);
    }
  }
}
