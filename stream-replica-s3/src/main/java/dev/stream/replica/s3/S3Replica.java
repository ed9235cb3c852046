package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;

/** A replica in a bucket. */
final class S3Replica implements Replica {

  private final SignedClient client;
  private final ParallelRequests workers;
  private final S3ObjectStore store;
  private final S3Creation creation;
  private final BatchDelete deletion;

  S3Replica(SignedClient client, ParallelRequests workers, S3ObjectStore store) {
    this.client = client;
    this.workers = workers;
    this.store = store;
    this.creation = new S3Creation(client, store);
    this.deletion = new BatchDelete(client, workers);
  }

  @Override
  public String name() {
    return client.location().name();
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    try {
      return new ObjectInfo(key, body.size(), store.put(whole(key), body));
    } catch (IOException e) {
      throw client.failures().typed("store " + key, e);
    }
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    try {
      return new ObjectInfo(key, body.size(), creation.create(whole(key), body));
    } catch (S3Error e) {
      throw S3Creation.isRefusal(e)
          ? client.failures().exists(key.value(), e)
          : client.failures().typed("store " + key, e);
    } catch (IOException e) {
      throw client.failures().typed("store " + key, e);
    }
  }

  @Override
  public boolean createsExclusively() {
    return creation.isExclusive();
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    String doing = "read " + key;
    try {
      return S3ObjectStream.open(client, doing, whole(key), offset, length);
    } catch (IOException e) {
      throw client.failures().typed(doing, e);
    }
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    return new PagedListing(client, prefix);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    deletion.delete(keys);
  }

  @Override
  public List<String> warnings() throws IOException {
    return new BucketVersions(client).warnings();
  }

  private String whole(ObjectKey key) {
    return client.location().prefix() + key;
  }

  @Override
  public void close() {
    client.close();
    workers.close();
  }
}
