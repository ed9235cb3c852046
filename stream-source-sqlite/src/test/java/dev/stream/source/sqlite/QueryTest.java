package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restored database that a drill asks, and that is as it was afterwards. */
@Timeout(60)
final class QueryTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void create() throws Exception {
    file = folder.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE orders(id)");
      statement.execute("INSERT INTO orders VALUES (1), (2)");
    }
  }

  private String ask(String question) throws IOException {
    return String.valueOf(
        new SqliteDatabaseProvider().query(new SqliteConfig(file), file, question));
  }

  @Test
  void itAnswersAndIsNotChanged() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    assertThat(ask("SELECT count(*) > 1 FROM orders")).isEqualTo("1");
    assertThat(ask("SELECT id FROM orders WHERE id > 2")).isEqualTo("null");
    for (String refused : List.of("DELETE FROM orders", "DROP TABLE orders", "SELEC", "VACUUM")) {
      assertThatThrownBy(() -> ask(refused))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("SQLite cannot answer \"" + refused + "\" from " + file);
    }
    assertThat(file).hasBinaryContent(bytes);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aQuestionThatDoesNotEndIsBrokenOff() throws Exception {
    try (Connection connection = Connections.openImmutable(file);
        Statement statement = connection.createStatement()) {
      QueryDeadline.set(connection, Duration.ofMillis(50));
      assertThatThrownBy(
              () ->
                  statement.executeQuery(
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                          + " SELECT count(*) FROM n"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("interrupt");
    }
  }
}
