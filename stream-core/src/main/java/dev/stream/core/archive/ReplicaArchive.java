package dev.stream.core.archive;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.retry.Retry;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Snapshots, segments and pins on a replica. Does not own the replica. Safe for use by several
 * threads.
 *
 * <p>Listing and reading are tried again as {@link Retry} says; storing is not, since an uploader
 * has its own pace.
 */
public final class ReplicaArchive {

  private final Replica replica;
  private final Retry retry;

  /** An archive that reads with {@link Retry#brisk()}. */
  public ReplicaArchive(Replica replica) {
    this(replica, Retry.brisk());
  }

  /** An archive that reads with the given patience. */
  public ReplicaArchive(Replica replica, Retry retry) {
    this.replica = replica;
    this.retry = retry;
  }

  /** The replica beneath. */
  public Replica replica() {
    return replica;
  }

  /** Everything there; objects that are none of Stream's are passed over. */
  public ArchiveListing list() throws IOException {
    return listPrefix("");
  }

  /** The artefacts of one generation alone, without pins; nothing if it has no artefact. */
  public ArchiveListing list(GenerationId generation) throws IOException {
    return listPrefix(ArtefactKeys.prefix(generation));
  }

  /**
   * The segments, as captured, that begin right after a transaction: usually one or none. Costs
   * less than a listing of the generation, however much that holds.
   */
  public List<SegmentDescriptor> following(GenerationId generation, long txId) throws IOException {
    return listPrefix(ArtefactKeys.segmentsFrom(generation, txId + 1)).generations().stream()
        .flatMap(listed -> listed.segments().stream())
        .toList();
  }

  /**
   * Stores an artefact; one attempt.
   *
   * @throws IOException as {@link Replica#put}
   */
  public ObjectInfo put(ObjectKey key, ArtefactBody body) throws IOException {
    return replica.put(key, body);
  }

  /**
   * Stores an artefact unless there is something under its key; one attempt.
   *
   * @throws IOException as {@link Replica#create}
   */
  public ObjectInfo create(ObjectKey key, ArtefactBody body) throws IOException {
    return replica.create(key, body);
  }

  /** What there is under a key. */
  public Optional<ObjectInfo> find(ObjectKey key) throws IOException {
    return retry.call(
        () -> {
          try (ObjectListing listing = replica.list(key.value())) {
            // The key itself comes before all that it is a prefix of.
            ObjectInfo first = listing.hasNext() ? listing.next() : null;
            return Optional.ofNullable(first).filter(found -> found.key().equals(key));
          }
        });
  }

  /**
   * Random access to an object. A read that breaks is resumed where it broke. If the object is gone
   * or shorter than listed, reading fails and says so.
   *
   * @param size the object's length as listed
   */
  public ByteRangeSource source(ObjectKey key, long size) {
    return new ReplicaObjectSource(replica, retry, key, size);
  }

  /**
   * Gives a state a name; one attempt. That the state is there, and the name free, is the caller's
   * to see to.
   *
   * @param createdAt for people who look at what is stored; the pin's key says the rest
   * @throws IllegalArgumentException if the name has not the form of {@link PinDescriptor#isName}
   * @throws IOException as {@link Replica#put}
   */
  public PinDescriptor pin(String name, GenerationId generation, long txId, Instant createdAt)
      throws IOException {
    ObjectKey key = ArtefactKeys.pin(generation, txId, name);
    PinDescriptor pin = new PinDescriptor(name, generation, txId, key, createdAt);
    ObjectInfo stored = replica.put(key, PinBody.of(pin));
    return new PinDescriptor(name, generation, txId, key, stored.modifiedAt());
  }

  /**
   * Deletes objects; one attempt. Those that are not there are passed over.
   *
   * @throws IOException as {@link Replica#delete}; some may be deleted then
   */
  public void delete(Collection<ObjectKey> keys) throws IOException {
    if (!keys.isEmpty()) {
      replica.delete(keys);
    }
  }

  private ArchiveListing listPrefix(String prefix) throws IOException {
    return retry.call(
        () -> {
          List<ArtefactDescriptor> artefacts = new ArrayList<>();
          List<PinDescriptor> pins = new ArrayList<>();
          GenerationId last = null;
          try (ObjectListing listing = replica.list(prefix)) {
            while (listing.hasNext()) {
              ObjectInfo object = listing.next();
              Optional<ArtefactDescriptor> artefact = ArtefactKeys.parse(object, last);
              if (artefact.isPresent()) {
                artefacts.add(artefact.get());
                last = artefact.get().generation();
              } else {
                ArtefactKeys.parsePin(object).ifPresent(pins::add);
              }
            }
          }
          return ArchiveListing.of(artefacts, pins);
        });
  }
}
