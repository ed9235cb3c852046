package dev.stream.core.event;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Learns of what a running {@code StreamController} goes through. Called from Stream's threads,
 * some of which capture commits: return soon. What a listener throws, an {@code Error} included, is
 * logged and otherwise ignored.
 */
public interface StreamListener {

  /** Takes no notice. */
  StreamListener SILENT = new StreamListener() {};

  /** A generation began, or goes on after a restart; {@code reason} says why. */
  default void onGeneration(String generation, String reason) {}

  /**
   * The source could not prove that it had seen every commit, so everything in which the database
   * differed from the last state known was captured as one: the states between transaction {@code
   * firstTxId} - 1 and {@code txId} cannot be restored. The generation goes on.
   *
   * @param reason what could not be proven
   * @param pages how many pages differed
   * @param bytes how many bytes that is
   */
  default void onCatchUp(
      String generation, String reason, long firstTxId, long txId, long pages, long bytes) {}

  /** Capture is interrupted; the source keeps trying. Once per episode. */
  default void onCapturePaused(String message) {}

  /** Capture works again. */
  default void onCaptureRecovered() {}

  /**
   * A replica refuses something or cannot be reached; Stream keeps trying. Once per episode, which
   * lasts until nothing fails there any more: a replica that can be listed again but still refuses
   * what is to be stored has not recovered.
   */
  default void onReplicaFailing(String replica, String message) {}

  /** Nothing fails at a replica any more. Once for each {@link #onReplicaFailing}. */
  default void onReplicaRecovered(String replica) {}

  /**
   * A replica does not delete what it need not keep, and so grows; what is stored there is not
   * concerned. Stream tries again at every {@code retention.checkInterval}. Once per episode.
   */
  default void onRetentionFailing(String replica, String message) {}

  /** A replica deletes again. */
  default void onRetentionRecovered(String replica) {}

  /** A replica lags by more than the threshold. Once per episode. */
  default void onDataLossWindowExceeded(String replica, Duration window, Duration threshold) {}

  /** A replica lags by less than the threshold again. */
  default void onDataLossWindowRecovered(String replica) {}

  /**
   * Something is captured and kept from a replica: what the database is now must not take the place
   * of what the replica holds unasked, or another Stream writes there. {@code reason} says what to
   * choose from. Once per episode.
   */
  default void onHeldBack(String replica, String reason) {}

  /** Nothing is held back from a replica any more. */
  default void onHeldBackOver(String replica) {}

  /**
   * There is no database yet and nothing to restore, and the start now waits for the application to
   * create {@code database}. Called once, in the thread that starts.
   */
  default void onWaitingForDatabase(Path database) {}

  /** Something worth knowing though nothing is wrong. */
  default void onNotice(String message) {}
}
