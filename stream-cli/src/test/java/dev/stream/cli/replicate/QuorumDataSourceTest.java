package dev.stream.cli.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import dev.stream.core.commit.CommitQuorum;
import dev.stream.core.commit.CommitQuorum.Unconfirmed;
import dev.stream.core.commit.QuorumDataSource;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commits that return when enough replicas have them, and not before. */
@Timeout(120)
final class QuorumDataSourceTest extends TwoReplicas {

  private static final Duration LONG = Duration.ofSeconds(60);

  private static DataSource database(String url) {
    return (DataSource)
        Proxy.newProxyInstance(
            QuorumDataSourceTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> DriverManager.getConnection(url));
  }

  /** No segment is due for an hour. */
  private void configure(String database) throws Exception {
    String text =
        """
        {"database": %2$s, "shadowDir": "%1$s/shadow", "syncInterval": "1h",
         "compaction": "none", "closeTimeout": "1s",
         "replicas": [{"type": "file", "path": "%1$s/one", "name": "one"},
                      {"type": "file", "path": "%1$s/two", "name": "two"}]}
        """;
    Files.writeString(config, text.formatted(folder, database));
  }

  private StreamConfig read() throws Exception {
    return StreamConfig.read(config, PluginRegistry.discover());
  }

  /** How many rows a restore finds now, from one replica alone. */
  private long rows(String replica) throws Exception {
    Path target = folder.resolve("back" + System.nanoTime());
    Invocation restored =
        Invocation.of("restore", "--from", folder.resolve(replica).toString(), "-o", "" + target);
    assertThat(restored.exit()).as(restored.err()).isZero();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + target);
        ResultSet count =
            connection.createStatement().executeQuery("SELECT count(*) FROM orders")) {
      assertThat(count.next()).isTrue();
      return count.getLong(1);
    }
  }

  private void everyWayOfCommitting(DataSource safe) throws Exception {
    try (Connection connection = safe.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders(id INTEGER)");
      assertThat(rows("one")).isZero();

      assertThat(statement.executeUpdate("INSERT INTO orders VALUES(1)")).isEqualTo(1);
      assertThat(rows("two")).isEqualTo(1);

      connection.setAutoCommit(false);
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES(?)")) {
        assertThat(insert.getConnection()).isSameAs(connection);
        for (int i = 2; i <= 4; i++) {
          insert.setInt(1, i);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
      }
      assertThat(rows("one")).as("not committed").isEqualTo(1);
      connection.commit();
      assertThat(rows("one")).isEqualTo(4);
      assertThat(rows("two")).isEqualTo(4);

      statement.executeUpdate("INSERT INTO orders VALUES(5)");
      connection.setAutoCommit(true);
      assertThat(rows("two")).isEqualTo(5);
    }
  }

  @Test
  void everyWayOfCommittingWaits() throws Exception {
    configure("{\"type\": \"sqlite\", \"path\": \"" + folder + "/app.db\"}");
    sql("PRAGMA journal_mode=WAL");
    try (StreamController stream = StreamController.enable(read())) {
      DataSource safe =
          QuorumDataSource.of(
              database("jdbc:sqlite:" + folder.resolve("app.db")),
              () -> stream,
              new CommitQuorum(2, LONG, Unconfirmed.FAIL));
      everyWayOfCommitting(safe);
    }
  }

  @Test
  void aCommitThatIsNotConfirmedInTimeIsInTheDatabaseAndFailsOrGoesOnAsWasAskedFor()
      throws Exception {
    configure("{\"type\": \"sqlite\", \"path\": \"" + folder + "/app.db\"}");
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE orders(id)");
    Path two = Files.createDirectories(folder.resolve("two"));
    DataSource database = database("jdbc:sqlite:" + folder.resolve("app.db"));
    Duration brief = Duration.ofMillis(300);
    try (StreamController stream = StreamController.enable(read())) {
      stream.sync(Duration.ofSeconds(30));
      Path away = Files.move(two, folder.resolve("away"));
      Files.writeString(two, "no folder");
      insert(
          QuorumDataSource.of(database, () -> stream, new CommitQuorum(1, LONG, Unconfirmed.FAIL)));
      assertThatThrownBy(
              () ->
                  insert(
                      QuorumDataSource.of(
                          database, () -> stream, new CommitQuorum(2, brief, Unconfirmed.FAIL))))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08007"))
          .hasMessageContaining("fewer than 2 replicas have it after 300 ms")
          .hasMessageContaining("Do not repeat it");
      insert(
          QuorumDataSource.of(
              database, () -> stream, new CommitQuorum(2, brief, Unconfirmed.GO_ON)));
      Files.delete(two);
      Files.move(away, two);
      insert(
          QuorumDataSource.of(database, () -> stream, new CommitQuorum(2, LONG, Unconfirmed.FAIL)));
      assertThat(rows("two")).isEqualTo(4);
    }
    assertThatThrownBy(
            () ->
                insert(
                    QuorumDataSource.of(
                        database, () -> null, new CommitQuorum(1, LONG, Unconfirmed.FAIL))))
        .hasMessageContaining("nothing captures the database now");
  }

  private static void insert(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO orders VALUES(1)");
    }
  }
}
