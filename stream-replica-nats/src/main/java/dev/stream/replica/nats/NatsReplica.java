package dev.stream.replica.nats;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.LookaheadListing;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A replica in a bucket; see the package. */
final class NatsReplica implements Replica {

  /** How often others may replace an object between our look at it and our replacing it. */
  private static final int MOST_CONFLICTS = 100;

  private final String name;
  private final String prefix;
  private final ServerLink link;
  private final NatsBucket bucket;
  private final ObjectReads reads;
  private final NatsFailures failures;
  private final Duration over;
  private final AtomicBoolean cleaned = new AtomicBoolean();

  NatsReplica(NatsReplicaConfig config) {
    this(config, StaleChunks.OVER);
  }

  /** A replica that gives uploads up which have stored nothing for so long. */
  NatsReplica(NatsReplicaConfig config, Duration over) {
    String servers = String.join(",", config.servers());
    this.prefix = config.prefix() == null ? "" : config.prefix() + "/";
    String domain = config.domain() == null ? "" : "@" + config.domain();
    this.name = "nats:" + servers + "/" + config.bucket() + domain + "/" + prefix;
    this.failures = new NatsFailures(servers, config.bucket(), config.domain());
    this.link = new ServerLink(config, failures);
    this.bucket = new NatsBucket(config.bucket(), config.domain(), link, failures);
    this.reads = new ObjectReads(bucket);
    this.over = over;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return store(key, body, false);
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    String doing = "store " + key;
    bucket.traits(doing);
    // This is checked before the whole body is stored in vain.
    refuseToReplace(doing, bucket.object(doing, prefix + key));
    return store(key, body, true);
  }

  /** The stream's leader lets only one message follow a given one. */
  @Override
  public boolean createsExclusively() {
    return true;
  }

  private void refuseToReplace(String doing, @Nullable StoredObject former) throws IOException {
    if (former != null && !former.deleted()) {
      throw failures.of(Reason.CONFLICT, doing, "there is one already, which was to be created");
    }
  }

  private ObjectInfo store(ObjectKey key, ObjectBody body, boolean anew) throws IOException {
    String doing = "store " + key;
    bucket.traits(doing);
    removeStale();
    ChunkUpload upload = new ChunkUpload(bucket, doing);
    try {
      upload.run(key, body);
    } catch (IOException | RuntimeException | Error e) {
      upload.abandon();
      throw e;
    }
    Instant modifiedAt = publish(doing, prefix + key, upload, anew);
    return new ObjectInfo(key, body.size(), modifiedAt);
  }

  private void removeStale() {
    if (!cleaned.getAndSet(true)) {
      try {
        StaleChunks.remove(bucket, over);
      } catch (IOException e) {
        // What hinders this either hinders the put as well or does not matter to it.
      }
    }
  }

  /** Makes a stored object visible, and returns about when that was, by the server's clock. */
  private Instant publish(String doing, String object, ChunkUpload upload, boolean anew)
      throws IOException {
    byte[] description = upload.describe(object);
    @Nullable StoredObject former = null;
    for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      CompletableFuture<Message> answer =
          bucket.publishObject(doing, object, former == null ? 0 : former.position(), description);
      // This is not asked after it, which would cost a round trip: its bytes are about as new as it
      // is.
      CompletableFuture<Message> newest = upload.isEmpty() ? null : bucket.askForNewest(doing);
      if (visible(doing, answer, upload)) {
        removeChunks(doing, former);
        return bucket.newest(doing, newest == null ? bucket.askForNewest(doing) : newest);
      }
      former = bucket.object(doing, object);
      if (anew && former != null && !former.deleted()) {
        upload.abandon();
        refuseToReplace(doing, former);
      }
    }
    upload.abandon();
    throw failures.of(Reason.UNAVAILABLE, doing, "others keep replacing it");
  }

  private boolean visible(String doing, CompletableFuture<Message> answer, ChunkUpload upload)
      throws IOException {
    try {
      return bucket.visible(doing, answer);
    } catch (ReplicaException e) {
      // Without a plain refusal the object may be visible, and must keep its bytes.
      if (e.getCause() instanceof JetStreamApiException
          || e.getCause() instanceof PermissionViolation) {
        upload.abandon();
      }
      throw e;
    }
  }

  private void removeChunks(String doing, @Nullable StoredObject former) {
    if (former != null && former.chunks() > 0) {
      try {
        bucket.purged(doing, bucket.askToPurgeChunks(doing, former.nuid()));
      } catch (IOException e) {
        // The new object is there all the same; StaleChunks removes these another day.
      }
    }
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return reads.open("read " + key, prefix + key, offset, length);
  }

  @Override
  public ObjectListing list(String keyPrefix) throws IOException {
    String doing = "list '" + keyPrefix + "'";
    Map<ObjectKey, ObjectInfo> found = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    boolean replicated = bucket.traits(doing).replicated();
    MessageScan.last(
        bucket,
        doing,
        bucket.subjects().allMetas(),
        message -> {
          if (replicated) {
            seen.add(message.getSubject());
          }
          collect(StoredObject.of(message), keyPrefix, found);
        });
    if (replicated) {
      collectUnseen(doing, keyPrefix, seen, found);
    }
    return LookaheadListing.of(found.values().iterator());
  }

  /** The copy of the stream that was read may lack what its leader has. */
  private void collectUnseen(
      String doing, String keyPrefix, Set<String> seen, Map<ObjectKey, ObjectInfo> found)
      throws IOException {
    for (String subject : bucket.subjects(doing, bucket.subjects().allMetas())) {
      if (!seen.contains(subject)) {
        StoredObject object = bucket.object(doing, bucket.askForLast(doing, subject));
        if (object != null) {
          collect(object, keyPrefix, found);
        }
      }
    }
  }

  private void collect(StoredObject object, String keyPrefix, Map<ObjectKey, ObjectInfo> found) {
    if (object.deleted() || object.link() || !object.name().startsWith(prefix + keyPrefix)) {
      return;
    }
    String name = object.name().substring(prefix.length());
    // Another client may have stored objects of names that no replica gives.
    if (ObjectKey.isValid(name)) {
      ObjectKey key = new ObjectKey(name);
      found.put(key, new ObjectInfo(key, object.size(), object.modifiedAt()));
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    new ObjectDeletion(bucket, prefix).run(keys);
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
