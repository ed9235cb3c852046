package dev.stream.source.sqlite;

import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** Sees to it that a database is in WAL mode: without a log there is nothing to follow. */
final class JournalMode {

  private JournalMode() {}

  /** Switches a database to WAL mode if it is not in it, and says so. */
  static void toWal(Path path, PageFlushObserver observer) throws IOException {
    DatabaseFile.at(path).header();
    try (Connection connection = Connections.open(path)) {
      String mode = Connections.queryString(connection, "PRAGMA journal_mode");
      if (mode.equalsIgnoreCase("wal")) {
        return;
      }
      String now = Connections.queryString(connection, "PRAGMA journal_mode=WAL");
      if (!now.equalsIgnoreCase("wal")) {
        throw new IOException(
            path + " cannot be switched to WAL mode (it stays in mode " + now + ")");
      }
      observer.onNotice(path + " was in journal mode " + mode + " and is now in WAL mode");
    } catch (SQLException e) {
      throw Connections.explain("cannot read, or switch to WAL mode,", path, e);
    }
  }

  /**
   * Refuses a database that is no longer in WAL mode: its application has left it on purpose, and
   * Stream does not fight about that.
   */
  static void requireWal(Path path) throws IOException {
    SqliteHeader header = DatabaseFile.at(path).header();
    if (header != null && !header.walMode()) {
      throw new IOException(
          path
              + " is no longer in WAL mode: the application has left it (PRAGMA journal_mode), or"
              + " put another file in its place. Nothing is captured until it is back in WAL mode;"
              + " Stream switches it back itself only when it is started anew");
    }
  }
}
