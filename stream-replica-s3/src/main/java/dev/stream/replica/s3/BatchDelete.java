package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectKey;
import io.minio.messages.DeleteRequest;
import io.minio.messages.DeleteResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes objects, a thousand by one request where the server knows how. Thread-safe. */
final class BatchDelete {

  /** What the protocol allows. */
  private static final int BATCH = 1000;

  private final SignedClient client;
  private final Workers workers;
  private volatile boolean batches;

  BatchDelete(SignedClient client, Workers workers) {
    this.client = client;
    this.workers = workers;
    this.batches = client.place().provider().deletesBatches();
  }

  /** Tries all, and then fails if any failed. */
  void delete(Collection<ObjectKey> keys) throws IOException {
    List<ObjectKey> all = List.copyOf(keys);
    Failed failed = new Failed();
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
          failed.add("delete " + some.size() + " objects from " + some.get(0), e);
          continue;
        }
        batches = false;
        oneByOne(some, failed);
      } catch (IOException e) {
        failed.add("delete " + some.size() + " objects from " + some.get(0), e);
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

  private void together(List<ObjectKey> keys, Failed failed) throws IOException {
    String prefix = client.place().prefix();
    List<DeleteRequest.Object> objects =
        keys.stream().map(key -> new DeleteRequest.Object(prefix + key)).toList();
    Call call =
        XmlBody.in(Call.of("POST", null).query("delete", ""), new DeleteRequest(objects, true));
    DeleteResult result = XmlBody.read(client.send(call), DeleteResult.class);
    for (DeleteResult.Error error : result.errors()) {
      if (!"NoSuchKey".equals(error.code())) {
        String name = error.objectName();
        String key = name != null && name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        failed.add("delete " + key, S3Error.of(error));
      }
    }
  }

  private void oneByOne(List<ObjectKey> keys, Failed failed) throws IOException {
    String prefix = client.place().prefix();
    workers.run(
        keys.size(),
        index -> {
          ObjectKey key = keys.get(index);
          try {
            client.send(Call.of("DELETE", prefix + key)).close();
          } catch (S3Error e) {
            if (!e.code().equals("NoSuchKey")) {
              failed.add("delete " + key, e);
            }
          } catch (IOException e) {
            failed.add("delete " + key, e);
          }
        },
        () -> {});
  }

  /** What could not be removed. */
  private final class Failed {

    private final List<IOException> failures = new ArrayList<>();

    synchronized void add(String doing, IOException failure) {
      failures.add(client.failures().typed(doing, failure));
    }

    synchronized void rethrow() throws IOException {
      @Nullable IOException first = failures.isEmpty() ? null : failures.get(0);
      if (first != null) {
        failures.stream().skip(1).limit(20).forEach(first::addSuppressed);
        throw first;
      }
    }
  }
}
