package dev.stream.core.restore;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.CommitClock;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Artefacts without contents, and when their transactions were committed; counts the headers. */
final class TimedHistory implements CommitTimes.Headers {

  static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  final List<ArtefactDescriptor> artefacts = new ArrayList<>();
  final Map<GenerationId, TreeMap<Long, CommitClock>> commits = new HashMap<>();
  final Set<String> damaged = new HashSet<>();
  final Set<String> silent = new HashSet<>();
  int reads;

  /** Commits, from transaction 0 on, at seconds after noon. */
  TimedHistory commits(GenerationId generation, long... seconds) {
    CommitClock clock = null;
    for (long second : seconds) {
      Instant at = NOON.plusSeconds(second);
      clock = clock == null ? CommitClock.begin(at) : clock.next(at);
      TreeMap<Long, CommitClock> all = commits.computeIfAbsent(generation, id -> new TreeMap<>());
      all.put((long) all.size(), clock);
    }
    return this;
  }

  /** Artefacts in the notation of {@link Listings}. */
  TimedHistory artefacts(GenerationId generation, String text) {
    artefacts.addAll(Listings.artefacts(generation, text));
    return this;
  }

  ArchiveListing listing() {
    return ArchiveListing.of(artefacts);
  }

  Timeline timeline() {
    return new Timeline(listing(), new CommitTimes(this));
  }

  TimelineAnswer at(Instant at) throws IOException {
    return timeline().at(new RestoreTarget.Moment(null, at));
  }

  TimelineAnswer at(long second) throws IOException {
    return at(NOON.plusSeconds(second));
  }

  CommitClock clock(GenerationId generation, long txId) {
    return commits.get(generation).get(txId);
  }

  @Override
  public ArtefactHeader read(ArtefactDescriptor artefact) throws IOException {
    reads++;
    String key = artefact.key().value();
    if (damaged.contains(key)) {
      throw new ChainException(key + " is damaged");
    }
    CommitClock clock = clock(artefact.generation(), artefact.lastTxId());
    Map<String, String> attributes = new HashMap<>();
    if (!silent.contains(key)) {
      attributes.put(ArtefactHeader.LAST_COMMIT_AT, clock.lastCommitAt().toString());
      attributes.put(ArtefactHeader.CLOCK_STEPS, Integer.toString(clock.steps()));
    }
    boolean segment = artefact instanceof SegmentDescriptor;
    return new ArtefactHeader(
        segment ? ArtefactKind.SEGMENT : ArtefactKind.SNAPSHOT,
        artefact.generation().value(),
        segment ? ((SegmentDescriptor) artefact).level() : 0,
        artefact.lastTxId(),
        segment ? ((SegmentDescriptor) artefact).parentTxId() : 0,
        512,
        0,
        1,
        0,
        0,
        "none",
        null,
        null,
        NOON,
        attributes);
  }

  static String key(GenerationId generation, String artefact) {
    return Listings.artefacts(generation, artefact).get(0).key().value();
  }
}
