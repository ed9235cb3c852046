package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/** Opens SQLite connections that change nothing by themselves, and puts SQLite's errors plainly. */
final class Connections {

  static final int BUSY_TIMEOUT_MS = 5_000;

  private Connections() {}

  /** A connection for reading and writing that creates no file and never checkpoints on its own. */
  static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    Connection connection = config.createConnection("jdbc:sqlite:" + uri(file));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint=0");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * A connection that only reads. SQLite locks a file exclusively before it empties or removes the
   * log behind the last connection, and cannot do so through a descriptor that only reads: closing
   * this one never touches a file.
   */
  static Connection openForReading(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    return config.createConnection("jdbc:sqlite:" + uri(file));
  }

  /** A connection to a file that nobody writes: takes no locks and makes no files beside it. */
  static Connection openImmutable(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return config.createConnection("jdbc:sqlite:" + uri(file) + "?immutable=1");
  }

  /** SQLite's URI form, so that no character of a path is taken for the start of options. */
  private static String uri(Path file) {
    StringBuilder uri = new StringBuilder("file:");
    for (byte b : file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xFF;
      boolean plain = c == '/' || c == '.' || c == '-' || c == '_' || Character.isLetterOrDigit(c);
      if (plain && c < 0x80) {
        uri.append((char) c);
      } else {
        uri.append(String.format(Locale.ROOT, "%%%02X", c));
      }
    }
    return uri.toString();
  }

  static boolean isBusy(SQLException e) {
    if (!(e instanceof SQLiteException sqlite)) {
      return false;
    }
    int primary = sqlite.getResultCode().code & 0xFF;
    return primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  /** Whether the file is no database, or none any more. */
  static boolean isDamage(SQLException e) {
    if (!(e instanceof SQLiteException sqlite)) {
      return false;
    }
    int primary = sqlite.getResultCode().code & 0xFF;
    return primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  static IOException explain(String what, Path file, SQLException e) {
    String hint = "";
    if (e instanceof SQLiteException sqlite) {
      hint =
          switch (sqlite.getResultCode().code & 0xFF) {
            case 14 ->
                " Stream needs to read and write the file and its folder (SQLite keeps -wal"
                    + " and -shm files there).";
            case 8 -> " The file or its folder is read-only for this user.";
            case 5, 6 ->
                " Another connection holds the database: it is in the middle of a transaction, or in"
                    + " exclusive locking mode (PRAGMA locking_mode=EXCLUSIVE), in which nobody else"
                    + " can read. Let it finish, or set the mode back to NORMAL.";
            case 11 -> " The database is damaged: run PRAGMA integrity_check on it.";
            case 26 -> " The file is not a SQLite database, or it is encrypted.";
            case 13 -> " No space is left on the file system of the database.";
            default -> "";
          };
    }
    return new IOException(what + " " + file + ": " + e.getMessage() + "." + hint, e);
  }

  static String queryString(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  /** What {@code PRAGMA wal_checkpoint} answers. */
  record CheckpointState(boolean busy, long logFrames, long writtenBack) {
    boolean complete() {
      return !busy && logFrames == writtenBack;
    }

    static CheckpointState query(PreparedStatement pragma) throws SQLException {
      try (ResultSet row = pragma.executeQuery()) {
        row.next();
        return new CheckpointState(row.getInt(1) != 0, row.getLong(2), row.getLong(3));
      }
    }
  }
}
