package dev.stream.core.restore;

import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was restored, and proven.
 *
 * @param path the restored file
 * @param replica name of the replica it came from
 * @param reason why from this one; a sentence without its full stop
 * @param generation its generation
 * @param txId the transaction whose state it is
 * @param committedAt when that transaction was seen, by the clock of the capturing machine; null if
 *     the artefact does not say
 * @param after the next state that could have been restored instead; null if there is none, or the
 *     newest state was asked for
 * @param checksum the database checksum, carried by the artefacts and found in the file
 * @param pageSize bytes per page
 * @param highWaterMark size in pages
 * @param snapshotTxId the snapshot it began with
 * @param segments number of segments applied
 * @param objectsFetched artefacts read
 * @param requests requests that read them
 * @param bytesFetched stored bytes read
 * @param blocksReused blocks that were not fetched, since an old copy had their pages
 * @param bytesReused stored bytes of these blocks
 * @param duration how long it took
 * @param check what the database's own check said, for people; null if it was not run
 * @param warnings what an operator should know: sentences
 */
public record RestoreState(
    Path path,
    String replica,
    String reason,
    GenerationId generation,
    long txId,
    @Nullable Instant committedAt,
    @Nullable ReachableState after,
    long checksum,
    int pageSize,
    long highWaterMark,
    long snapshotTxId,
    int segments,
    long objectsFetched,
    long requests,
    long bytesFetched,
    long blocksReused,
    long bytesReused,
    Duration duration,
    @Nullable String check,
    List<String> warnings) {

  /** Copies the list. */
  public RestoreState {
    warnings = List.copyOf(warnings);
  }

  RestoreState with(List<String> allWarnings) {
    return new RestoreState(
        path,
        replica,
        reason,
        generation,
        txId,
        committedAt,
        after,
        checksum,
        pageSize,
        highWaterMark,
        snapshotTxId,
        segments,
        objectsFetched,
        requests,
        bytesFetched,
        blocksReused,
        bytesReused,
        duration,
        check,
        allWarnings);
  }

  /** Size of the file in bytes. */
  public long fileSize() {
    return highWaterMark * pageSize;
  }
}
