package dev.stream.replica.nats;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.nats.ChunkStream.ChunkMissing;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A replica in a bucket; see the package. */
final class NatsReplica implements Replica {

  /** How often others may replace an object between our look at it and our replacing it. */
  private static final int MOST_CONFLICTS = 100;

  /** Where a server tells the size of a message whose content it leaves out. */
  private static final String SIZE = "Nats-Msg-Size";

  /** Tries to find an object that is replaced again and again. */
  private static final int MOST_LOOKS = 5;

  private final String name;
  private final String prefix;
  private final ServerLink link;
  private final Bucket bucket;
  private final NatsFailures failures;
  private final AtomicBoolean cleaned = new AtomicBoolean();

  NatsReplica(NatsReplicaConfig config) {
    String servers = String.join(",", config.servers());
    this.prefix = config.prefix() == null ? "" : config.prefix() + "/";
    this.name = "nats:" + servers + "/" + config.bucket() + "/" + prefix;
    this.failures = new NatsFailures(servers, config.bucket());
    this.link = new ServerLink(config, failures);
    this.bucket = new Bucket(config.bucket(), link, failures);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    String doing = "store " + key;
    bucket.traits(doing);
    removeStale();
    ChunkUpload upload = new ChunkUpload(bucket, doing);
    boolean whole = false;
    try {
      upload.run(body);
      whole = true;
    } finally {
      if (!whole) {
        upload.abandon();
      }
    }
    Instant modifiedAt = publish(doing, prefix + key, upload);
    return new ObjectInfo(key, body.size(), modifiedAt);
  }

  private void removeStale() {
    if (!cleaned.getAndSet(true)) {
      try {
        StaleChunks.remove(bucket);
      } catch (IOException e) {
        // What hinders this hinders the put as well, or does not matter to it.
      }
    }
  }

  /** Makes an object visible whose bytes are stored; when that was, by the server's clock. */
  private Instant publish(String doing, String object, ChunkUpload upload) throws IOException {
    byte[] description = upload.describe(object);
    @Nullable StoredObject former = null;
    for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      long position;
      try {
        position =
            bucket.publishObject(
                doing, object, former == null ? 0 : former.position(), description);
      } catch (ReplicaException e) {
        // Without a plain refusal the object may be visible, and must keep its bytes.
        if (e.getCause() instanceof JetStreamApiException
            || e.getCause() instanceof PermissionViolation) {
          upload.abandon();
        }
        throw e;
      }
      if (position > 0) {
        removeChunks(doing, former);
        StoredObject stored = bucket.object(doing, object);
        // Somebody else may have removed it already.
        return stored == null ? Instant.now() : stored.modifiedAt();
      }
      former = bucket.object(doing, object);
    }
    upload.abandon();
    throw failures.of(Reason.UNAVAILABLE, doing, "others keep replacing it");
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
    String doing = "read " + key;
    @Nullable StoredObject before = null;
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      StoredObject object = bucket.object(doing, prefix + key);
      if (object == null || object.deleted()) {
        throw failures.of(Reason.NOT_FOUND, doing, "there is no such object");
      }
      if (object.link()) {
        throw failures.of(Reason.REJECTED, doing, "it is a link, which Stream does not follow");
      }
      if (offset >= object.size()) {
        return InputStream.nullInputStream();
      }
      // What it says of its chunks may be wrong: its stream may be a restored copy of another.
      boolean mistrusted = before != null && before.position() == object.position();
      ChunkRuns runs = mistrusted ? null : object.runs();
      try {
        return new ChunkStream(
            bucket,
            doing,
            object.nuid(),
            runs == null ? scan(doing, object) : runs,
            offset,
            length);
      } catch (ChunkMissing e) {
        if (mistrusted) {
          break;
        }
        before = object;
      }
    }
    throw failures.of(
        Reason.CONFLICT, doing, "its bytes are not all there; something else removed them");
  }

  /** Finds the chunks of an object that another client stored. */
  private ChunkRuns scan(String doing, StoredObject object) throws IOException {
    ChunkRuns runs = new ChunkRuns();
    MessageScan.headers(
        bucket,
        doing,
        bucket.subjects().chunks(object.nuid()),
        message -> {
          String size = message.getHeaders() == null ? null : message.getHeaders().getFirst(SIZE);
          if (size == null) {
            throw failures.of(Reason.UNAVAILABLE, doing, "the server tells no sizes of chunks");
          }
          runs.add(message.metaData().streamSequence(), Integer.parseInt(size));
        });
    if (runs.size() != object.size() || runs.chunks() != object.chunks()) {
      throw new ChunkMissing("its chunks are not all there");
    }
    return runs;
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
    return new SortedListing(found.values().iterator());
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
    ObjectKey key;
    try {
      key = new ObjectKey(object.name().substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      return; // another client's, of a name that no replica gives
    }
    found.put(key, new ObjectInfo(key, object.size(), object.modifiedAt()));
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    new Deletion(bucket, prefix).run(keys);
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
