package dev.stream.core.status;

import dev.stream.core.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a Stream is doing, at one moment.
 *
 * @param database the database file
 * @param databaseBytes its size after the last captured transaction; 0 before capture has begun
 * @param generation the generation; null before capture has begun
 * @param generationBornAt when it was born; null before capture has begun
 * @param generationReason why it began, or how it goes on
 * @param txId the last captured transaction; -1 before capture has begun
 * @param lastCatchUp the last time since the start that transactions were captured as one, since
 *     the source could not prove that it had seen them all; null if that never happened
 * @param running false once it is closed
 * @param capturing false while capture is interrupted, and once it is closed
 * @param captureError why it is interrupted, else null
 * @param captureFailures how often capture has failed since the start, whatever became of it: each
 *     time the source had to hand over again what it captured, or begin anew
 * @param readBack how far the database was read back to prove what was captured
 * @param compactionError why segments are not merged, or which one could not be, until merging has
 *     worked again; else null. No commit is at risk: replicas get each, and keep more objects
 * @param compactionFailingSince since when; null with {@code compactionError}
 * @param shadowBytes length of all sealed artefacts and active logs in the shadow directory
 * @param logBytes of these, those of logs that are not sealed yet
 * @param dataLossWindow the worst of the replicas
 * @param dataLossWindowThreshold the window above which a replica lags
 * @param replicas each replica
 * @param drills how the last drill of each replica ended; none where there was none
 * @param at when
 */
public record StreamStatus(
    String database,
    long databaseBytes,
    @Nullable String generation,
    @Nullable Instant generationBornAt,
    String generationReason,
    long txId,
    @Nullable CatchUp lastCatchUp,
    boolean running,
    boolean capturing,
    @Nullable String captureError,
    long captureFailures,
    ReadBack readBack,
    @Nullable String compactionError,
    @Nullable Instant compactionFailingSince,
    long shadowBytes,
    long logBytes,
    Duration dataLossWindow,
    Duration dataLossWindowThreshold,
    List<ReplicaStatus> replicas,
    List<DrillStatus> drills,
    Instant at) {

  /** Whether every commit is captured and every replica gets them: there are no problems. */
  public boolean healthy() {
    return problems().isEmpty();
  }

  /**
   * Why commits may be lost with this machine, a sentence each; empty if all are captured and no
   * replica lags by more than the threshold. A part of {@link #problems}: what fails otherwise need
   * not concern any commit yet.
   */
  public List<String> notCurrent() {
    List<String> reasons = new ArrayList<>();
    if (!running) {
      reasons.add("this Stream was closed: commits are not replicated");
    } else if (!capturing) {
      reasons.add(captureError == null ? "capture is interrupted" : captureError);
    }
    for (ReplicaStatus replica : replicas) {
      if (lags(replica)) {
        reasons.add(lag(replica));
      }
    }
    return List.copyOf(reasons);
  }

  private boolean lags(ReplicaStatus replica) {
    return replica.dataLossWindow().compareTo(dataLossWindowThreshold) > 0;
  }

  private String lag(ReplicaStatus replica) {
    return "replica "
        + replica.name()
        + " lags by "
        + Durations.show(replica.dataLossWindow())
        + ", more than dataLossWindowThreshold ("
        + Durations.show(dataLossWindowThreshold)
        + ")";
  }

  /**
   * What is not as it should be, a sentence each, for people; empty if all is well. The command
   * {@code stream status} and {@code status.json} tell the same.
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!running) {
      problems.add("this Stream was closed: commits are not replicated");
    }
    if (captureError != null) {
      problems.add(captureError);
    } else if (running && !capturing) {
      problems.add("capture is interrupted");
    }
    if (compactionError != null) {
      problems.add(
          "compaction fails since "
              + compactionFailingSince
              + ": "
              + compactionError
              + "; replicas get every commit, but keep more objects");
    }
    for (ReplicaStatus replica : replicas) {
      if (replica.lastError() != null) {
        // What is told of a replica names it already, mostly.
        String name = "replica " + replica.name();
        String error = replica.lastError();
        problems.add(error.startsWith(name) ? error : name + ": " + error);
      }
      if (lags(replica)) {
        problems.add(lag(replica));
      }
    }
    drills.stream()
        .map(drill -> drill.problemAt(at))
        .filter(Objects::nonNull)
        .forEach(problems::add);
    return List.copyOf(problems);
  }
}
