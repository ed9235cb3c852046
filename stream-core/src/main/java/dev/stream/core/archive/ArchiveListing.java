package dev.stream.core.archive;

import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is on a replica; the sorted listing is the whole state, there is no manifest.
 *
 * @param generations ascending by birth; each has at least one artefact
 * @param pins ascending by state, then name; their states need not be there
 */
public record ArchiveListing(List<GenerationListing> generations, List<PinDescriptor> pins) {

  private static final Comparator<PinDescriptor> PINS =
      Comparator.comparing(PinDescriptor::generation)
          .thenComparingLong(PinDescriptor::txId)
          .thenComparing(PinDescriptor::name);

  /** Copies and sorts the lists. */
  public ArchiveListing {
    generations = generations.stream().sorted(Comparator.comparing(GenerationListing::id)).toList();
    pins = pins.stream().sorted(PINS).toList();
  }

  /** A listing without pins. */
  public ArchiveListing(List<GenerationListing> generations) {
    this(generations, List.of());
  }

  /** Groups artefacts by generation; without pins. */
  public static ArchiveListing of(Collection<? extends ArtefactDescriptor> artefacts) {
    return of(artefacts, List.of());
  }

  /** Groups artefacts by generation. */
  public static ArchiveListing of(
      Collection<? extends ArtefactDescriptor> artefacts, Collection<PinDescriptor> pins) {
    Map<GenerationId, Parts> parts = new TreeMap<>();
    for (ArtefactDescriptor artefact : artefacts) {
      Parts part = parts.computeIfAbsent(artefact.generation(), id -> new Parts());
      if (artefact instanceof SnapshotDescriptor snapshot) {
        part.snapshots.add(snapshot);
      } else if (artefact instanceof SegmentDescriptor segment) {
        part.segments.add(segment);
      }
    }
    List<GenerationListing> generations = new ArrayList<>();
    parts.forEach(
        (id, part) -> generations.add(new GenerationListing(id, part.snapshots, part.segments)));
    return new ArchiveListing(generations, List.copyOf(pins));
  }

  /** The generation of that name, if it has artefacts. */
  public Optional<GenerationListing> generation(GenerationId id) {
    return generations.stream().filter(generation -> generation.id().equals(id)).findFirst();
  }

  /** The states that have this name: one, unless it was given to two at the same time. */
  public List<PinDescriptor> pins(String name) {
    return pins.stream().filter(pin -> pin.name().equals(name)).toList();
  }

  /** The generation born last. */
  public Optional<GenerationListing> newest() {
    return generations.isEmpty()
        ? Optional.empty()
        : Optional.of(generations.get(generations.size() - 1));
  }

  private static final class Parts {
    private final List<SnapshotDescriptor> snapshots = new ArrayList<>();
    private final List<SegmentDescriptor> segments = new ArrayList<>();
  }
}
