package dev.stream.core.shadow;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * How artefacts are written.
 *
 * @param codec compresses
 * @param settings what the codec was asked for
 * @param databaseType the type of the database
 * @param executor compresses blocks in parallel
 * @param clock tells when
 */
public record ArtefactEncoding(
    Codec codec, CodecSettings settings, String databaseType, Executor executor, Clock clock) {

  ArtefactHeader segment(GenerationId generation, LogRange range, long pageCount) {
    DatabaseState after = range.after();
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
        attributes(after.position(), range.firstCommitAt(), range.lastCommitAt()));
  }

  /** The header of a snapshot whose totals are not known yet. */
  public ArtefactHeader snapshot(GenerationId generation, DatabaseState state, Instant takenAt) {
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
        attributes(state.position(), takenAt, takenAt));
  }

  private Map<String, String> attributes(String position, Instant first, Instant last) {
    return Map.of(
        ArtefactHeader.POSITION,
        position,
        ArtefactHeader.DATABASE,
        databaseType,
        ArtefactHeader.FIRST_COMMIT_AT,
        first.toString(),
        ArtefactHeader.LAST_COMMIT_AT,
        last.toString());
  }
}
