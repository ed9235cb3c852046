package dev.stream.core.retention;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.TxRange;
import java.util.List;

/**
 * What becomes of the artefacts of one generation.
 *
 * @param id the generation
 * @param artefacts all of them, ascending by the last transaction
 */
public record GenerationVerdicts(GenerationId id, List<ArtefactVerdict> artefacts) {

  /** Copies the list. */
  public GenerationVerdicts {
    artefacts = List.copyOf(artefacts);
  }

  /** Those that go, oldest first. */
  public List<ArtefactVerdict> going() {
    return artefacts.stream().filter(ArtefactVerdict::goes).toList();
  }

  /** Those that stay, oldest first. */
  public List<ArtefactVerdict> staying() {
    return artefacts.stream().filter(verdict -> !verdict.goes()).toList();
  }

  /** What is left of the generation; possibly nothing. */
  public GenerationListing remaining() {
    List<ArtefactDescriptor> left = staying().stream().map(ArtefactVerdict::artefact).toList();
    return new GenerationListing(
        id,
        left.stream()
            .filter(SnapshotDescriptor.class::isInstance)
            .map(SnapshotDescriptor.class::cast)
            .toList(),
        left.stream()
            .filter(SegmentDescriptor.class::isInstance)
            .map(SegmentDescriptor.class::cast)
            .toList());
  }

  /** The runs of transactions that can be restored from what is left, ascending. */
  public List<TxRange> restorable() {
    return new StateGraph(remaining()).ranges();
  }
}
