package dev.stream.api.database;

import java.io.IOException;

/** The frames of a flush, streamed, so that a transaction of any size needs little memory. */
@FunctionalInterface
public interface PageFrames {

  /** Takes one frame; the frame's data is valid only during the call. */
  @FunctionalInterface
  interface Consumer {
    /** Takes the next frame, whose pages all come after those before it. */
    void accept(PageFrame frame) throws IOException;
  }

  /** Hands over every frame in ascending order of page ids, no page twice. May be repeated. */
  void forEach(Consumer consumer) throws IOException;
}
