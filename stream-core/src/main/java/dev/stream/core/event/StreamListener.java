package dev.stream.core.event;

/**
 * Learns of what a running {@code StreamController} goes through. Called from Stream's threads,
 * several at a time, some of which capture commits: return soon. What a listener throws, an {@code
 * Error} included, is logged and otherwise ignored.
 */
@FunctionalInterface
public interface StreamListener {

  /** Takes no notice. */
  StreamListener SILENT = event -> {};

  /** Something happened. */
  void onEvent(StreamEvent event);
}
