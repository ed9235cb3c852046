package dev.stream.core.shadow;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.CatchUpMark;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.state.GenerationId;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * How artefacts are written.
 *
 * @param codec compresses
 * @param settings what the codec was asked for
 * @param databaseType the type of the database
 * @param writer tells this Stream from others that write to the same replica
 * @param executor compresses blocks in parallel
 * @param clock tells when
 */
public record ArtefactEncoding(
    Codec codec,
    CodecSettings settings,
    String databaseType,
    String writer,
    Executor executor,
    Clock clock) {

  ArtefactHeader segment(
      GenerationId generation, LogRange range, CommitClock clockAfter, long pageCount) {
    DatabaseState after = range.after();
    Map<String, String> attributes =
        attributes(after.position(), range.firstCommitAt(), clockAfter);
    Doubt doubt = range.doubt();
    if (doubt != null) {
      new CatchUpMark(doubt.reason(), doubt.since(), range.parent().txId() + 1, after.txId(), 1)
          .addTo(attributes);
    }
    return new ArtefactHeader(
        ArtefactKind.SEGMENT,
        generation.value(),
        0,
        after.txId(),
        range.parent().txId(),
        after.pageSize(),
        pageCount,
        after.highWaterMark(),
        range.parent().checksum(),
        after.checksum(),
        codec.name(),
        settings.level(),
        settings.window(),
        clock.instant(),
        attributes);
  }

  /**
   * The header of a segment that stands for several.
   *
   * @param parts theirs, from the first to the last
   */
  public ArtefactHeader merged(List<ArtefactHeader> parts, int level, long pageCount) {
    ArtefactHeader first = parts.get(0);
    ArtefactHeader last = parts.get(parts.size() - 1);
    Map<String, String> attributes = new HashMap<>(last.additionalAttrs());
    attributes.remove(ArtefactHeader.FIRST_COMMIT_AT);
    attributes.put(ArtefactHeader.WRITER, writer);
    String firstCommitAt = first.additionalAttrs().get(ArtefactHeader.FIRST_COMMIT_AT);
    if (firstCommitAt != null) {
      attributes.put(ArtefactHeader.FIRST_COMMIT_AT, firstCommitAt);
    }
    CatchUpMark newest = null;
    for (ArtefactHeader part : parts) {
      CatchUpMark one = part.catchUp();
      newest = one == null ? newest : one.after(newest == null ? 0 : newest.count());
    }
    if (newest != null) {
      newest.addTo(attributes);
    }
    return new ArtefactHeader(
        ArtefactKind.SEGMENT,
        last.generation(),
        level,
        last.txId(),
        first.parentTxId(),
        last.pageSize(),
        pageCount,
        last.highWaterMark(),
        first.parentChecksum(),
        last.checksum(),
        codec.name(),
        settings.level(),
        settings.window(),
        clock.instant(),
        attributes);
  }

  /** The header of a snapshot whose totals are not known yet. */
  public ArtefactHeader snapshot(
      GenerationId generation, DatabaseState state, CommitClock clockAt) {
    return new ArtefactHeader(
        ArtefactKind.SNAPSHOT,
        generation.value(),
        0,
        state.txId(),
        0,
        state.pageSize(),
        ArtefactHeader.OPEN,
        state.highWaterMark(),
        0,
        0,
        codec.name(),
        settings.level(),
        settings.window(),
        clock.instant(),
        attributes(state.position(), clockAt.lastCommitAt(), clockAt));
  }

  private Map<String, String> attributes(String position, Instant first, CommitClock last) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put(ArtefactHeader.POSITION, position);
    attributes.put(ArtefactHeader.DATABASE, databaseType);
    attributes.put(ArtefactHeader.WRITER, writer);
    attributes.put(ArtefactHeader.FIRST_COMMIT_AT, first.toString());
    attributes.put(ArtefactHeader.LAST_COMMIT_AT, last.lastCommitAt().toString());
    if (last.steps() > 0) {
      attributes.put(ArtefactHeader.CLOCK_STEPS, Integer.toString(last.steps()));
    }
    if (last.catchUps() > 0) {
      attributes.put(ArtefactHeader.CATCH_UPS_SO_FAR, Integer.toString(last.catchUps()));
    }
    return attributes;
  }
}
