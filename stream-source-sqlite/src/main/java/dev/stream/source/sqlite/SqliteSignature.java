package dev.stream.source.sqlite;

import dev.stream.api.database.DatabaseImage.Relation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By what a database is known again though every page has changed, as {@code VACUUM} does, which
 * moves all there is: a good part of the schema is what it was, and neither the schema cookie nor
 * the change counter has gone back ("Database File Format", sections 1.3.6 and 1.3.9). A fresh
 * database of the same schema, and an older copy, have lower ones than one that was in use.
 *
 * @param schema the least of the digests of the schema's statements, ascending: a sketch by which
 *     two schemas are compared (A. Broder, "On the resemblance and containment of documents", 1997)
 * @param cookie the schema cookie
 * @param changeCounter the file change counter; in WAL mode only commits that write the first page
 *     count
 */
record SqliteSignature(List<String> schema, int cookie, long changeCounter) {

  private static final int SKETCH = 16;

  /** One in so many statements has to be what it was. */
  private static final int COMMON = 3;

  /** That of the newest commit, or of the state that a read transaction of the connection sees. */
  static SqliteSignature of(Connection connection, long changeCounter) throws SQLException {
    MessageDigest digest = sha256();
    SortedSet<String> digests = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master")) {
      while (rows.next()) {
        byte[] text = String.valueOf(rows.getString(1)).getBytes(StandardCharsets.UTF_8);
        digests.add(String.format("%08x", ByteBuffer.wrap(digest.digest(text)).getInt()));
      }
    }
    return new SqliteSignature(
        digests.stream().limit(SKETCH).toList(), cookie(connection), changeCounter);
  }

  /** The cookie alone, which tells whether the schema has changed. */
  static int cookie(Connection connection) throws SQLException {
    return Integer.parseInt(Connections.queryString(connection, "PRAGMA schema_version"));
  }

  /** What {@link #token} gave; null if it was something else. */
  static @Nullable SqliteSignature parse(String token) {
    String[] parts = token.split(" ", -1);
    try {
      return parts.length != 3
          ? null
          : new SqliteSignature(
              Stream.of(parts[0].split(",", -1)).filter(part -> !part.isEmpty()).toList(),
              Integer.parseInt(parts[1]),
              Long.parseLong(parts[2]));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  String token() {
    return schema.stream().collect(Collectors.joining(",")) + " " + cookie + " " + changeCounter;
  }

  /** What it has to do with the database of an earlier one, where no page is what it was. */
  Relation relationTo(SqliteSignature before) {
    if (cookie < before.cookie() || changeCounter < before.changeCounter()) {
      return Relation.OTHER;
    }
    long common = before.schema().stream().filter(schema::contains).count();
    return common > 0 && common * COMMON >= before.schema().size()
        ? Relation.LATER
        : Relation.UNKNOWN;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
