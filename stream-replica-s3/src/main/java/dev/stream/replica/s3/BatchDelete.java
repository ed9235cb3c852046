package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.support.FailureCollection;
import io.minio.messages.DeleteRequest;
import io.minio.messages.DeleteResult;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Removes objects, a thousand by one request where the server knows how. Thread-safe. */
final class BatchDelete {

  /** What the protocol allows. */
  private static final int BATCH = 1000;

  private final SignedClient client;
  private final ParallelRequests workers;
  private volatile boolean batches;

  BatchDelete(SignedClient client, ParallelRequests workers) {
    this.client = client;
    this.workers = workers;
    this.batches = client.location().provider().deletesBatches();
  }

  /** Tries all objects, and then fails if one could not be removed. */
  void delete(Collection<ObjectKey> keys) throws IOException {
    List<ObjectKey> all = List.copyOf(keys);
    FailureCollection failed = new FailureCollection();
    for (int from = 0; from < all.size(); from += BATCH) {
      List<ObjectKey> some = all.subList(from, Math.min(from + BATCH, all.size()));
      try {
        if (some.size() > 1 && batches) {
          together(some, failed);
        } else {
          oneByOne(some, failed);
        }
      } catch (S3Error e) {
        if (!isNotKnown(e)) {
          failed.add(
              client.failures().typed("delete " + some.size() + " objects from " + some.get(0), e));
          continue;
        }
        batches = false;
        oneByOne(some, failed);
      } catch (IOException e) {
        failed.add(
            client.failures().typed("delete " + some.size() + " objects from " + some.get(0), e));
      }
    }
    failed.rethrow();
  }

  private static boolean isNotKnown(S3Error error) {
    return error.code().equals("NotImplemented")
        || error.code().equals("MethodNotAllowed")
        || error.status() == 501
        || error.status() == 405;
  }

  private void together(List<ObjectKey> keys, FailureCollection failed) throws IOException {
    String prefix = client.location().prefix();
    List<DeleteRequest.Object> objects =
        keys.stream().map(key -> new DeleteRequest.Object(prefix + key)).toList();
    S3Request call =
        XmlBody.in(
            S3Request.of("POST", null).query("delete", ""), new DeleteRequest(objects, true));
    DeleteResult result = XmlBody.read(client.send(call), DeleteResult.class);
    for (DeleteResult.Error error : result.errors()) {
      if (!"NoSuchKey".equals(error.code())) {
        String name = error.objectName();
        String key = name != null && name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        failed.add(client.failures().typed("delete " + key, S3Error.of(error)));
      }
    }
  }

  private void oneByOne(List<ObjectKey> keys, FailureCollection failed) throws IOException {
    String prefix = client.location().prefix();
    workers.run(
        keys.size(),
        index -> {
          ObjectKey key = keys.get(index);
          try {
            client.send(S3Request.of("DELETE", prefix + key)).close();
          } catch (S3Error e) {
            if (!e.code().equals("NoSuchKey")) {
              failed.add(client.failures().typed("delete " + key, e));
            }
          } catch (IOException e) {
            failed.add(client.failures().typed("delete " + key, e));
          }
        },
        () -> {});
  }
}
