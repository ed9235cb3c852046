package dev.stream.core.archive;

import dev.stream.core.state.GenerationId;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The artefacts of one generation.
 *
 * @param id the generation
 * @param snapshots ascending by transaction
 * @param segments ascending by first, then last transaction, then level
 */
public record GenerationListing(
    GenerationId id, List<SnapshotDescriptor> snapshots, List<SegmentDescriptor> segments) {

  private static final Comparator<SegmentDescriptor> ORDER =
      Comparator.comparingLong(SegmentDescriptor::firstTxId)
          .thenComparingLong(SegmentDescriptor::lastTxId)
          .thenComparingInt(SegmentDescriptor::level);

  /** Copies and sorts the lists. */
  public GenerationListing {
    snapshots =
        snapshots.stream().sorted(Comparator.comparingLong(SnapshotDescriptor::txId)).toList();
    segments = segments.stream().sorted(ORDER).toList();
  }

  /** The last transaction that any artefact reaches; empty if there is no artefact. */
  public OptionalLong newestTxId() {
    return LongStream.concat(
            snapshots.stream().mapToLong(SnapshotDescriptor::txId),
            segments.stream().mapToLong(SegmentDescriptor::lastTxId))
        .max();
  }

  /**
   * The place of the first segment that begins with a transaction or a later one; the number of
   * segments if none does.
   *
   * @param ascending by first transaction
   */
  public static int firstFrom(List<SegmentDescriptor> ascending, long txId) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending.get(middle).firstTxId() < txId) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** All artefacts, snapshots first. */
  public List<ArtefactDescriptor> artefacts() {
    return Stream.<ArtefactDescriptor>concat(snapshots.stream(), segments.stream()).toList();
  }
}
