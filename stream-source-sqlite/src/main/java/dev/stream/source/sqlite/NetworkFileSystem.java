package dev.stream.source.sqlite;

import dev.stream.api.file.NetworkFileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database is on a network file system: WAL mode needs memory that all processes share,
 * so that those of another machine would not see each other there and damage the database.
 */
final class NetworkFileSystem {

  /** Tells the type of the file system that a file is on. */
  @FunctionalInterface
  interface Lookup {
    String type(Path file) throws IOException;
  }

  private final Lookup lookup;

  NetworkFileSystem() {
    this(file -> Files.getFileStore(file).type());
  }

  NetworkFileSystem(Lookup lookup) {
    this.lookup = lookup;
  }

  /** The type, if it is one of a network; else null. */
  @Nullable String typeOf(Path file) throws IOException {
    String type = lookup.type(file);
    return NetworkFileSystems.isOne(type) ? type : null;
  }

  /**
   * Refuses to switch a database to WAL mode there unasked.
   *
   * @throws IOException if it is on a network file system
   */
  void refuse(Path file) throws IOException {
    String type = typeOf(file);
    if (type != null) {
      throw new IOException(
          file
              + " is on a network file system ("
              + type
              + ") and not in WAL mode. Stream would have to switch it to WAL mode, in which"
              + " processes on different machines damage the database; nothing was changed. If only"
              + " processes of this machine use it, confirm that with \"networkFileSystem\": true in"
              + " \"database\"; else replicate it on the machine that has the file on its own disk");
    }
  }
}
