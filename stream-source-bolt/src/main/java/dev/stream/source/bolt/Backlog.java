package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was changed since the state that was delivered last. What is handed out for delivery stays
 * until that is done: else it goes with what has come after it. For use by one thread at a time.
 */
final class Backlog implements AutoCloseable {

  private final Path folder;
  private final int pageSize;
  private BoltMeta from;
  private Changes since;
  private @Nullable Changes handedOut;

  /**
   * Nothing was changed yet.
   *
   * @param from the state that is delivered
   * @param folder for temporary files
   */
  Backlog(BoltMeta from, Path folder) {
    this.folder = folder;
    this.pageSize = from.pageSize();
    this.from = from;
    this.since = new Changes(folder, pageSize);
  }

  /** The state that was delivered last. */
  BoltMeta from() {
    return from;
  }

  /** Takes what is changed. */
  Changes changes() {
    return since;
  }

  /** All of it, to be delivered. */
  Changes handOut() throws IOException {
    Changes all = handedOut;
    if (all == null) {
      all = since;
    } else {
      try (Changes later = since) {
        all.add(later);
      }
    }
    handedOut = all;
    since = new Changes(folder, pageSize);
    return all;
  }

  /** What was handed out was delivered, and is no longer kept here. */
  void delivered(BoltMeta state) {
    from = state;
    handedOut = null;
  }

  @Override
  public void close() throws IOException {
    try {
      since.close();
    } finally {
      if (handedOut != null) {
        handedOut.close();
      }
    }
  }
}
