package dev.stream.replica.s3;

import io.minio.messages.ListMultipartUploadsResult;
import io.minio.messages.ListMultipartUploadsResult.Upload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Uploads in parts that somebody was killed over: invisible, but paid for. Those under our prefix
 * that began more than a day ago are removed, once, before the first upload of that kind.
 */
final class StaleUploads {

  private static final Duration OLD = Duration.ofDays(1);

  private final SignedClient client;
  private final AtomicBoolean done = new AtomicBoolean();

  StaleUploads(SignedClient client) {
    this.client = client;
  }

  /** Removes them the first time it is called. Whatever stands against it is no reason to fail. */
  void removeOnce() {
    if (!done.compareAndSet(false, true)) {
      return;
    }
    try {
      remove();
    } catch (IOException | RuntimeException e) {
      // The right to list uploads is not among those that replicating needs.
    }
  }

  private void remove() throws IOException {
    String prefix = client.location().prefix();
    S3Request call = S3Request.of("GET", null).query("uploads", "");
    if (!prefix.isEmpty()) {
      call = call.query("prefix", prefix);
    }
    // One page, of up to a thousand, is enough for what kills leave in the life of a process.
    ListMultipartUploadsResult page =
        XmlBody.read(client.sendBriefly(call), ListMultipartUploadsResult.class);
    Instant limit = Instant.now().minus(OLD);
    for (Upload upload : page.uploads()) {
      ZonedDateTime begun = upload.initiated();
      if (upload.objectName().startsWith(prefix)
          && begun != null
          && begun.toInstant().isBefore(limit)) {
        client
            .sendBriefly(
                S3Request.of("DELETE", upload.objectName()).query("uploadId", upload.uploadId()))
            .close();
      }
    }
  }
}
