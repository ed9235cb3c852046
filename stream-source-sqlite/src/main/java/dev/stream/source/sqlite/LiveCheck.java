package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * SQLite's quick check of a database that others may be using. What it complains of is captured and
 * restored as it is, so somebody should know before. It changes nothing, and ends when its time is
 * up: while it reads, no log can start anew, and in rollback mode nobody can commit.
 */
final class LiveCheck {

  private static final int MAX_FINDINGS = 5;
  private static final Duration BESIDE_WRITERS = Duration.ofSeconds(30);
  private static final Duration BEFORE_WRITERS = Duration.ofSeconds(2);

  private final Path real;
  private final Path log;
  private final Path index;
  private final Duration besideWriters;
  private final Duration beforeWriters;

  /**
   * A check.
   *
   * @param real the database file, links resolved
   */
  LiveCheck(Path real) {
    this(real, BESIDE_WRITERS, BEFORE_WRITERS);
  }

  /**
   * A check with limits of its own.
   *
   * @param besideWriters how long it may take where others can write meanwhile
   * @param beforeWriters how long where they wait for it
   */
  LiveCheck(Path real, Duration besideWriters, Duration beforeWriters) {
    this.besideWriters = besideWriters;
    this.beforeWriters = beforeWriters;
    this.real = real;
    this.log = real.resolveSibling(real.getFileName() + "-wal");
    this.index = real.resolveSibling(real.getFileName() + "-shm");
  }

  /** A sentence on what it finds; null if nothing, or if it could not be looked over now. */
  @Nullable String warning() throws IOException {
    SqliteHeader header = DatabaseFile.at(real).header();
    if (header == null) {
      return null; // an empty file is an empty database
    }
    if (!header.walMode()) {
      return warning(false, beforeWriters);
    }
    if (Files.exists(index)) {
      return warning(false, besideWriters);
    }
    if (hasLog()) {
      return null; // left by a kill: to read it would make its index
    }
    // Nobody uses it; an ordinary connection would make a log and leave it there.
    String warning = warning(true, besideWriters);
    // Unless somebody does by now: then what was read may be of two times.
    return warning != null && Files.exists(index) ? warning(false, besideWriters) : warning;
  }

  private boolean hasLog() throws IOException {
    return Files.exists(log) && Files.size(log) > 0;
  }

  private @Nullable String warning(boolean immutable, Duration patience) {
    List<String> findings = new ArrayList<>();
    try (Connection connection =
            immutable ? Connections.openImmutable(real) : Connections.openForReading(real);
        Statement statement = connection.createStatement()) {
      QueryDeadline.set(connection, patience);
      try (ResultSet rows = statement.executeQuery("PRAGMA quick_check(" + MAX_FINDINGS + ")")) {
        while (rows.next()) {
          findings.add(rows.getString(1).strip());
        }
      }
    } catch (SQLException e) {
      return failed(e);
    }
    return findings.equals(List.of("ok")) ? null : complaint(String.join("; ", findings));
  }

  private static @Nullable String failed(SQLException e) {
    if (Connections.isDamage(e)) {
      return complaint(String.valueOf(e.getMessage()));
    }
    if (!isLacking(e)) {
      return null; // busy, too long, or to be mended by its next writer: that says nothing of it
    }
    return "SQLite's quick check of it cannot be run here ("
        + e.getMessage()
        + "), as of a database that needs what its application brings, such as a collation or a"
        + " function: it is captured all the same, and a restore notes the same";
  }

  /** Whether a statement cannot be understood: this check has none but the schema's own. */
  private static boolean isLacking(SQLException e) {
    return e instanceof SQLiteException sqlite
        && (sqlite.getResultCode().code & 0xFF) == SQLiteErrorCode.SQLITE_ERROR.code;
  }

  private static String complaint(String findings) {
    return "SQLite's quick check complains of it: "
        + findings
        + ". It would be captured, and restored, as it is: have it mended first (VACUUM rids it of"
        + " lost pages; else .recover of the sqlite3 shell)";
  }
}
