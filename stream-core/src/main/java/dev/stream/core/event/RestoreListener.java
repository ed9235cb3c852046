package dev.stream.core.event;

/**
 * Learns how a restore or a verification goes. Called by several threads, but never by two at once;
 * must return soon. What it throws, an {@code Error} included, is logged and otherwise ignored.
 */
public interface RestoreListener {

  /** Takes no notice. */
  RestoreListener SILENT = new RestoreListener() {};

  /**
   * So much of a phase is done. Every phase begins with a call with nothing done.
   *
   * @param done bytes done, from 0 to {@code total}; begins anew with each replica
   * @param total bytes in all; 0 where there is nothing to count
   */
  default void onProgress(RestorePhase phase, long done, long total) {}

  /**
   * A replica cannot be used, or failed half-way; the next one is tried.
   *
   * @param replica its name
   * @param problem why
   */
  default void onReplicaFailed(String replica, String problem) {}

  /**
   * A replica is about to be restored from.
   *
   * @param replica its name
   * @param reason why this one; a sentence without its full stop
   */
  default void onReplicaChosen(String replica, String reason) {}
}
