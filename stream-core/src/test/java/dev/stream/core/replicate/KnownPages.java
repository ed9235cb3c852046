package dev.stream.core.replicate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a shadow directory knows of the pages of the state captured last. */
public final class KnownPages {

  private KnownPages() {}

  /** The files in which it may be. */
  static List<Path> files(Path shadow) {
    return List.of(shadow.resolve("page-hashes-1"), shadow.resolve("page-hashes-2"));
  }

  /** As if the disk had lost it: from here on a doubt begins a generation. */
  public static void forget(Path shadow) throws IOException {
    for (Path file : files(shadow)) {
      Files.deleteIfExists(file);
    }
  }
}
