package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage.Relation;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What VACUUM makes of a database is known again; nothing else is. */
class SqliteSignatureTest {

  private static final String SCHEMA =
      "CREATE TABLE t(id INTEGER PRIMARY KEY, v); CREATE INDEX i ON t(v);"
          + " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500)"
          + " INSERT INTO t(v) SELECT randomblob(300) FROM n; DELETE FROM t WHERE id % 3 = 0;";

  @TempDir Path folder;

  private SqliteSignature run(String name, String sql) throws Exception {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    try (Connection connection = Connections.open(file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
      byte[] bytes = Files.readAllBytes(file);
      return SqliteSignature.of(connection, SqliteHeader.changeCounter(ByteBuffer.wrap(bytes)));
    }
  }

  @Test
  void vacuumIsKnownAgain() throws Exception {
    SqliteSignature before = run("a.db", SCHEMA);
    SqliteSignature once = run("a.db", "VACUUM");
    SqliteSignature twice = run("a.db", "UPDATE t SET v = 1 WHERE id = 7; VACUUM");
    assertThat(once.relationTo(before)).isEqualTo(Relation.LATER);
    assertThat(twice.relationTo(before)).isEqualTo(Relation.LATER);
    assertThat(SqliteSignature.parse(twice.token())).isEqualTo(twice);
  }

  @Test
  void aFreshDatabaseOfTheSameSchemaIsNot() throws Exception {
    SqliteSignature before = run("a.db", SCHEMA);
    SqliteSignature later = run("a.db", "INSERT INTO t(v) VALUES(1)");
    assertThat(later.relationTo(before)).isEqualTo(Relation.LATER);
    assertThat(run("b.db", SCHEMA).relationTo(later)).isEqualTo(Relation.OTHER);
  }

  @Test
  void vacuumOfADatabaseWhoseSchemaChangesAsWellIsKnownAgain() throws Exception {
    SqliteSignature before = run("a.db", SCHEMA);
    SqliteSignature migrated =
        run(
            "a.db",
            "CREATE TABLE u(x); ALTER TABLE t ADD COLUMN w; VACUUM; CREATE INDEX j ON u(x)");
    assertThat(migrated.relationTo(before)).isEqualTo(Relation.LATER);
  }

  @Test
  void anotherSchemaIsNot() throws Exception {
    SqliteSignature before = run("a.db", SCHEMA);
    String other = "CREATE TABLE u(x); CREATE TABLE v(y); CREATE TABLE w(z); VACUUM; VACUUM;";
    assertThat(run("b.db", other + "DROP TABLE v").relationTo(before)).isEqualTo(Relation.UNKNOWN);
    assertThat(SqliteSignature.parse("")).isNull();
    assertThat(SqliteSignature.parse("no number")).isNull();
  }
}
