package dev.stream.core.monitor;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.status.ReplicaContents;
import dev.stream.core.upload.ReplicaUploader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the replicas' contents, kept from listings that were made for another purpose.
 * Of segments only the newest is kept, so it stays small. Thread-safe.
 */
public final class KnownContents {

  private final Map<String, OfReplica> replicas = new TreeMap<>();
  private final List<String> names;

  /** Nothing is known yet. */
  public KnownContents(List<ReplicaUploader> uploaders) {
    this.names = uploaders.stream().map(ReplicaUploader::name).toList();
    names.forEach(name -> replicas.put(name, new OfReplica()));
  }

  private OfReplica of(ReplicaUploader uploader) {
    OfReplica known = replicas.get(uploader.name());
    if (known == null) {
      throw new IllegalArgumentException("there is no replica " + uploader.name());
    }
    return known;
  }

  /** A replica was listed. What was stored meanwhile may not be in the listing, and stays. */
  public synchronized void listed(ReplicaUploader uploader, ArchiveListing listing, Instant at) {
    OfReplica known = of(uploader);
    known.listedAt = at;
    known.pins = listing.pins();
    known.generations.clear();
    listing.generations().forEach(known::take);
    known.since.forEach((artefact, stored) -> known.add(artefact, stored));
    known.since.clear();
  }

  /** A replica has got an artefact. */
  public synchronized void stored(ReplicaUploader uploader, SealedArtefact artefact, Instant at) {
    OfReplica known = of(uploader);
    known.add(artefact, at);
    if (artefact.snapshot()) {
      known.since.put(artefact, at);
    }
  }

  /** What is known of each replica, in the order of the configuration. */
  public synchronized List<ReplicaContents> contents() {
    List<ReplicaContents> contents = new ArrayList<>();
    for (String name : names) {
      OfReplica known = replicas.getOrDefault(name, new OfReplica());
      contents.add(new ReplicaContents(name, known.listedAt, known.generations(), known.pinned()));
    }
    return contents;
  }

  private static final class OfReplica {

    private @Nullable Instant listedAt;
    private List<PinDescriptor> pins = List.of();
    private final Map<GenerationId, OfGeneration> generations = new TreeMap<>();
    private final Map<SealedArtefact, Instant> since = new LinkedHashMap<>();

    void take(GenerationListing listing) {
      OfGeneration known = generations.computeIfAbsent(listing.id(), id -> new OfGeneration());
      for (SnapshotDescriptor snapshot : listing.snapshots()) {
        known.snapshot(snapshot.txId(), snapshot.size(), snapshot.storedAt());
      }
      for (SegmentDescriptor segment : listing.segments()) {
        known.reached(segment.lastTxId(), segment.storedAt());
      }
    }

    void add(SealedArtefact artefact, Instant at) {
      OfGeneration known =
          generations.computeIfAbsent(artefact.generation(), id -> new OfGeneration());
      if (artefact.snapshot()) {
        known.snapshot(artefact.lastTxId(), artefact.size(), at);
      } else {
        known.reached(artefact.lastTxId(), at);
      }
    }

    List<ReplicaContents.Generation> generations() {
      List<ReplicaContents.Generation> told = new ArrayList<>();
      generations.forEach(
          (id, known) ->
              told.add(
                  new ReplicaContents.Generation(
                      id.value(),
                      id.bornAt(),
                      List.copyOf(known.snapshots.values()),
                      known.txId,
                      known.storedAt)));
      return told;
    }

    List<ReplicaContents.Pin> pinned() {
      return pins.stream()
          .map(
              pin ->
                  new ReplicaContents.Pin(
                      pin.name(), pin.generation().value(), pin.txId(), pin.storedAt()))
          .toList();
    }
  }

  private static final class OfGeneration {

    private final Map<Long, ReplicaContents.Snapshot> snapshots = new TreeMap<>();
    private long txId = -1;
    private Instant storedAt = Instant.EPOCH;

    void snapshot(long of, long bytes, Instant at) {
      var unused = snapshots.putIfAbsent(of, new ReplicaContents.Snapshot(of, bytes, at));
      reached(of, at);
    }

    void reached(long transaction, Instant at) {
      txId = Math.max(txId, transaction);
      storedAt = at.isAfter(storedAt) ? at : storedAt;
    }
  }
}
