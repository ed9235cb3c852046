package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What a database file has to be like so that it can be captured; changes nothing. */
final class StartRequirements {

  /** The bytes of the database file that SQLite locks for readers, and exclusive mode for all. */
  private static final long LOCKED_FROM = 0x40000000L + 2;

  private static final long LOCKED_BYTES = 510;
  private static final int TRIES = 20;

  private final Path path;
  private final boolean networkAccepted;
  private final NetworkFileSystem network;

  StartRequirements(SqliteConfig config, NetworkFileSystem network) {
    this.path = config.path();
    this.networkAccepted = Boolean.TRUE.equals(config.networkFileSystem());
    this.network = network;
  }

  static StartRequirements of(SqliteConfig config) {
    return new StartRequirements(config, new NetworkFileSystem());
  }

  /**
   * Looks at the file and those beside it.
   *
   * @return the file, links resolved
   */
  Path require() throws IOException {
    if (!Files.exists(path)) {
      throw new IOException(
          "there is no database at "
              + path.toAbsolutePath()
              + ": create it, correct \"path\", or restore it from a replica first");
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException(path.toAbsolutePath() + " is not a file, so no SQLite database");
    }
    Path real = path.toRealPath();
    SqliteHeader header = header(real);
    if ((header == null || !header.walMode()) && !networkAccepted) {
      network.refuse(real);
    }
    requireWritable(real, "the database");
    Path folder = real.getParent();
    if (folder != null) {
      requireWritable(folder, "the folder of the database");
    }
    for (Path companion : companions(real)) {
      if (Files.exists(companion)) {
        requireWritable(companion, "a file that belongs to the database");
      }
    }
    SharedFiles.require(real);
    return real;
  }

  private static @Nullable SqliteHeader header(Path real) throws IOException {
    try {
      return DatabaseFile.at(real).header();
    } catch (java.nio.file.AccessDeniedException e) {
      throw new IOException(
          "cannot read " + real + ": this user has no right to. Stream needs to read and write it.",
          e);
    }
  }

  private static void requireWritable(Path what, String role) throws IOException {
    if (!Files.isWritable(what)) {
      throw new IOException(
          what
              + ", "
              + role
              + ", cannot be written by this user or is on a read-only file system. Whoever reads a"
              + " database in WAL mode has to write the files -wal and -shm beside it. Run Stream as"
              + " the user that owns the database, or give it the right to write there");
    }
  }

  private static List<Path> companions(Path real) {
    String name = String.valueOf(real.getFileName());
    return List.of(real.resolveSibling(name + "-wal"), real.resolveSibling(name + "-shm"));
  }

  /**
   * Tries what the start finds out by taking hold of the database.
   *
   * @return what an operator should know beforehand
   */
  List<String> rehearse() throws IOException {
    Path real = path.toRealPath();
    List<String> warnings = new ArrayList<>();
    SqliteHeader header = header(real);
    if (header == null || !header.walMode()) {
      warnings.add("it is not in WAL mode: 'stream replicate' would switch it to it");
    }
    String type = network.typeOf(real);
    if (type != null) {
      warnings.add(
          "it is on a network file system ("
              + type
              + "), where WAL mode is safe only while all processes that use it are on this machine");
    }
    // While anybody uses the log as usual its shared index is there; exclusive mode has none.
    if (Files.notExists(companions(real).get(1)) && isExclusive(real)) {
      throw exclusive(real);
    }
    return warnings;
  }

  /** That another connection keeps everybody out. */
  static IOException exclusive(Path path) {
    return new IOException(
        "another connection holds "
            + path
            + " in exclusive locking mode (PRAGMA locking_mode=EXCLUSIVE), or has not let go of its"
            + " lock for seconds, so that nobody else can read it. Have the application use the"
            + " normal locking mode");
  }

  /** Whether somebody keeps readers out, for longer than a commit in rollback mode takes. */
  private static boolean isExclusive(Path real) throws IOException {
    try (FileChannel file = FileChannel.open(real, StandardOpenOption.READ)) {
      for (int i = 0; i < TRIES; i++) {
        try (FileLock shared = file.tryLock(LOCKED_FROM, LOCKED_BYTES, true)) {
          if (shared != null) {
            return false;
          }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      return true;
    }
  }
}
