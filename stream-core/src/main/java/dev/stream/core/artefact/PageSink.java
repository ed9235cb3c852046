package dev.stream.core.artefact;

import java.io.IOException;

/** Takes pages one after another. */
@FunctionalInterface
public interface PageSink {

  /**
   * Takes one page.
   *
   * @param id the page
   * @param data holds the page's bytes from {@code offset} on; valid only during the call
   * @param length bytes per page
   */
  void page(long id, byte[] data, int offset, int length) throws IOException;
}
