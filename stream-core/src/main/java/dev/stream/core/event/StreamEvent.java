package dev.stream.core.event;

import dev.stream.core.status.CatchUp;
import dev.stream.core.status.DrillProof;
import dev.stream.core.status.GenerationCause;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Something that happens while a {@code StreamController} runs, as a record that says what. What
 * has a beginning and an end is told once at each, however often it is tried in between.
 *
 * <pre>{@code
 * StreamListener listener =
 *     event -> {
 *       if (event instanceof StreamEvent.ReplicaFailing failing) {
 *         alert(failing.replica(), failing.message());
 *       }
 *     };
 * }</pre>
 *
 * <p>Further kinds may be added; a listener passes over those that it does not know.
 */
public sealed interface StreamEvent {

  /** What an artefact holds. */
  enum Artefact {
    /** The pages of the commits of one {@code syncInterval}. */
    SEGMENT,
    /** Several segments as one. */
    MERGED_SEGMENT,
    /** A whole database. */
    SNAPSHOT
  }

  /**
   * A generation began, or goes on after a restart.
   *
   * @param generation its name
   * @param resumed whether it goes on
   * @param txId the last transaction before it, or up to which it was known
   * @param cause of which kind the reason is; further kinds may be added
   * @param reason why it began
   */
  record GenerationBegan(
      String generation, boolean resumed, long txId, GenerationCause cause, String reason)
      implements StreamEvent {}

  /**
   * The source could not prove that it had seen every commit, so everything in which the database
   * differed from the last state known was captured as one. The generation goes on.
   *
   * @param what which states cannot be restored, and why
   */
  record CaughtUp(CatchUp what) implements StreamEvent {}

  /** Capture is interrupted; the source keeps trying. */
  record CapturePaused(String message) implements StreamEvent {}

  /** Capture works again. */
  record CaptureRecovered() implements StreamEvent {}

  /**
   * An artefact can be stored from now on.
   *
   * @param kind what it holds
   * @param generation the name of its generation
   * @param firstTxId its first transaction; of a snapshot the one that it is of
   * @param lastTxId its last transaction
   * @param bytes its length
   */
  record ArtefactMade(Artefact kind, String generation, long firstTxId, long lastTxId, long bytes)
      implements StreamEvent {}

  /**
   * A replica has an artefact.
   *
   * @param replica its name in the configuration
   * @param kind what the artefact holds
   * @param generation the name of its generation
   * @param lastTxId its last transaction
   * @param bytes its length
   */
  record ArtefactStored(String replica, Artefact kind, String generation, long lastTxId, long bytes)
      implements StreamEvent {}

  /** A replica has deleted so many artefacts that nothing needs any more. */
  record ArtefactsDeleted(String replica, int count) implements StreamEvent {}

  /**
   * A replica refuses something or cannot be reached; Stream keeps trying. It lasts until nothing
   * fails there any more: a replica that can be listed again but still refuses what is to be stored
   * has not recovered.
   */
  record ReplicaFailing(String replica, String message) implements StreamEvent {}

  /** Nothing fails at a replica any more. Once for each {@link ReplicaFailing}. */
  record ReplicaRecovered(String replica) implements StreamEvent {}

  /**
   * A replica does not delete what it need not keep, and so grows; what is stored there is not
   * concerned. Stream tries again at every {@code retention.checkInterval}.
   */
  record RetentionFailing(String replica, String message) implements StreamEvent {}

  /** A replica deletes again. */
  record RetentionRecovered(String replica) implements StreamEvent {}

  /** A replica lags by more than the threshold. */
  record DataLossWindowExceeded(String replica, Duration window, Duration threshold)
      implements StreamEvent {}

  /** A replica lags by less than the threshold again. */
  record DataLossWindowRecovered(String replica) implements StreamEvent {}

  /**
   * Something is captured and kept from a replica: what the database is now must not take the place
   * of what the replica holds unasked, or another Stream writes there.
   *
   * @param reason what to choose from
   */
  record HeldBack(String replica, String reason) implements StreamEvent {}

  /** Nothing is held back from a replica any more. */
  record HeldBackOver(String replica) implements StreamEvent {}

  /**
   * There is no database yet and nothing to restore, and the start now waits for the application to
   * create the database. Told once, in the thread that starts.
   */
  record WaitingForDatabase(Path database) implements StreamEvent {}

  /**
   * A replica was restored to a scratch copy and proven.
   *
   * @param proof through which transaction
   */
  record DrillPassed(String replica, DrillProof proof) implements StreamEvent {}

  /** A replica could not be restored to a scratch copy, or that does not hold what it should. */
  record DrillFailed(String replica, String problem) implements StreamEvent {}

  /** Something worth knowing though nothing is wrong. */
  record Notice(String message) implements StreamEvent {}
}
