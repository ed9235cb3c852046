package dev.stream.core.restore;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Listings without a replica: "s7" is a snapshot, "8-9" a segment, "1:8-9" one of level 1. */
final class Listings {

  static final GenerationId OLD = new GenerationId("0000019abcdef012-00000001");
  static final GenerationId NEW = new GenerationId("0000019abcdef013-00000000");
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  private Listings() {}

  static ArchiveListing of(String artefacts) {
    return ArchiveListing.of(artefacts(NEW, artefacts));
  }

  static ArchiveListing of(String older, String newer) {
    List<ArtefactDescriptor> all = new ArrayList<>(artefacts(NEW, newer));
    all.addAll(artefacts(OLD, older));
    return ArchiveListing.of(all);
  }

  static List<ArtefactDescriptor> artefacts(GenerationId generation, String artefacts) {
    List<ArtefactDescriptor> all = new ArrayList<>();
    for (String artefact : artefacts.trim().split(" +", -1)) {
      if (artefact.startsWith("s")) {
        all.add(snapshot(generation, Long.parseLong(artefact.substring(1))));
      } else if (!artefact.isEmpty()) {
        int level = artefact.contains(":") ? Integer.parseInt(artefact.split(":", -1)[0]) : 0;
        String[] range = artefact.substring(artefact.indexOf(':') + 1).split("-", -1);
        all.add(segment(generation, level, Long.parseLong(range[0]), Long.parseLong(range[1])));
      }
    }
    return all;
  }

  static SnapshotDescriptor snapshot(GenerationId generation, long txId) {
    return new SnapshotDescriptor(generation, txId, 1000, AT);
  }

  static SegmentDescriptor segment(GenerationId generation, int level, long first, long last) {
    return new SegmentDescriptor(generation, level, first, last, 100, AT);
  }

  /** A plan in the same notation, the snapshot first. */
  static String text(RestorePlan plan) {
    StringBuilder text = new StringBuilder("s" + plan.snapshot().txId());
    for (SegmentDescriptor segment : plan.segments()) {
      text.append(' ');
      if (segment.level() > 0) {
        text.append(segment.level()).append(':');
      }
      text.append(segment.firstTxId()).append('-').append(segment.lastTxId());
    }
    return text.toString();
  }
}
