package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Path;

/** What was read of the database has no room where temporary files are. */
final class NotKeptException extends IOException {

  private static final long serialVersionUID = 1L;

  NotKeptException(Path folder, IOException cause) {
    super(
        "what was read of the bolt database cannot be kept in "
            + folder
            + " ("
            + cause
            + "); commits are not captured until there is room, or another folder is named as"
            + " \"tempDir\" in \"database\"",
        cause);
  }
}
