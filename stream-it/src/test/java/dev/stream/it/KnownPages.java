package dev.stream.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a shadow directory knows of the pages of the state captured last. */
public final class KnownPages {

  private KnownPages() {}

  /** As if the disk had lost it: from here on a doubt begins a generation. */
  public static void forget(Path shadow) throws IOException {
    Files.deleteIfExists(shadow.resolve("page-hashes-1"));
    Files.deleteIfExists(shadow.resolve("page-hashes-2"));
  }
}
