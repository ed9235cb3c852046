package dev.stream.source.sqlite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * By what a database is known again after {@code VACUUM}, which moves all there is and so changes
 * every page. It keeps the schema, and adds one to the schema cookie ("Database File Format",
 * section 1.3.9; {@code sqlite3RunVacuum}), so that another database of the same schema, or a copy,
 * does not pass for the result.
 *
 * @param schema digest of all statements of the schema
 * @param cookie the schema cookie
 */
record Signature(String schema, int cookie) {

  /** That of the newest commit, or of the state that a read transaction of the connection sees. */
  static Signature of(Connection connection) throws SQLException {
    MessageDigest digest = sha256();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
                    + " ORDER BY 1")) {
      while (rows.next()) {
        digest.update(String.valueOf(rows.getString(1)).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
    }
    String schema = HexFormat.of().formatHex(digest.digest(), 0, 8);
    return new Signature(schema, cookie(connection));
  }

  /** The cookie alone, which tells whether the schema has changed. */
  static int cookie(Connection connection) throws SQLException {
    return Integer.parseInt(Connections.queryString(connection, "PRAGMA schema_version"));
  }

  /** What {@link #token} gave; null if it was something else. */
  static @Nullable Signature parse(String token) {
    int space = token.indexOf(' ');
    try {
      return space < 0
          ? null
          : new Signature(token.substring(0, space), Integer.parseInt(token.substring(space + 1)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  String token() {
    return schema + " " + cookie;
  }

  /** Whether it may be what {@code VACUUM} made of the database of another one. */
  boolean isRewriteOf(Signature before) {
    return schema.equals(before.schema()) && cookie > before.cookie();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
