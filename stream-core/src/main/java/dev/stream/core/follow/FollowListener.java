package dev.stream.core.follow;

/**
 * Learns of what a {@link Follower} goes through; called from its thread. What it throws, an {@code
 * Error} included, is logged and otherwise ignored.
 */
public interface FollowListener {

  /** Takes no notice. */
  FollowListener SILENT = new FollowListener() {};

  /** The copy is as new as anything that was seen; after the start, and after each change. */
  default void onCurrent(FollowStatus status) {}

  /** The copy is restored anew, or for the first time; {@code reason} says why, a clause. */
  default void onReseed(String reason) {}

  /** The copy stays as it is for now, and is tried again. Once per message. */
  default void onTrouble(String message) {}

  /** Things work again after {@link #onTrouble}. */
  default void onRecovered() {}
}
