package dev.stream.core.chain;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.state.GenerationId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The artefacts that make up a state: a snapshot, and segments without a gap.
 *
 * @param snapshot where to begin
 * @param segments what to apply, in this order; each begins right after the one before
 * @param warnings what the caller should know: sentences
 */
public record RestorePlan(
    SnapshotDescriptor snapshot, List<SegmentDescriptor> segments, List<String> warnings)
    implements RestoreDecision {

  /** Copies the lists, and holds them to what they promise. */
  public RestorePlan {
    segments = List.copyOf(segments);
    warnings = List.copyOf(warnings);
    long state = snapshot.txId();
    for (SegmentDescriptor segment : segments) {
      if (segment.parentTxId() != state || !segment.generation().equals(snapshot.generation())) {
        throw new IllegalArgumentException(segment.key() + " does not follow transaction " + state);
      }
      state = segment.lastTxId();
    }
  }

  /** The generation that is restored. */
  public GenerationId generation() {
    return snapshot.generation();
  }

  /** The transaction whose state this is. */
  public long txId() {
    return segments.isEmpty() ? snapshot.txId() : segments.get(segments.size() - 1).lastTxId();
  }

  /** Stored bytes of all artefacts: an upper bound of what is fetched. */
  public long totalBytes() {
    return snapshot.size() + segments.stream().mapToLong(SegmentDescriptor::size).sum();
  }

  /** All artefacts from the newest segment back to the snapshot. */
  public List<ArtefactDescriptor> newestFirst() {
    List<ArtefactDescriptor> artefacts = new ArrayList<>(segments.size() + 1);
    artefacts.add(snapshot);
    artefacts.addAll(segments);
    Collections.reverse(artefacts);
    return artefacts;
  }
}
