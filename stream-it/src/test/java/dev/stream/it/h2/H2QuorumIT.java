package dev.stream.it.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.Observer;
import dev.stream.core.commit.CommitQuorum;
import dev.stream.core.commit.CommitQuorum.Unconfirmed;
import dev.stream.core.commit.QuorumDataSource;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.restore.Restorer;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits of H2 that return when two replicas have them, though no segment is due for an hour. */
final class H2QuorumIT {

  @TempDir private Path folder;

  private StreamConfig config() throws Exception {
    return StreamConfig.builder()
        .database("h2", Map.of("path", folder.resolve("app.mv.db")))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofHours(1))
        .compaction()
        .replica("file", Map.of("path", folder.resolve("one"), "name", "one"))
        .replica("file", Map.of("path", folder.resolve("two"), "name", "two"))
        .build();
  }

  private long rows(StreamConfig config, String replica) throws Exception {
    Path target = folder.resolve("back" + System.nanoTime());
    var unused =
        Restorer.builder(config, Path.of(target + ".mv.db")).onlyReplica(replica).build().restore();
    try (Connection connection = DriverManager.getConnection("jdbc:h2:" + target);
        ResultSet count =
            connection.createStatement().executeQuery("SELECT count(*) FROM orders")) {
      assertThat(count.next()).isTrue();
      return count.getLong(1);
    }
  }

  @Test
  void everyReplicaHasWhatACommitHasReturnedFor() throws Exception {
    StreamConfig config = config();
    Observer observer = Observer.of(config);
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:stream:" + folder.resolve("app") + ";WRITE_DELAY=0");
    DataSource safe =
        QuorumDataSource.of(
            database,
            observer::controller,
            new CommitQuorum(2, Duration.ofMinutes(1), Unconfirmed.FAIL));
    try (H2Registration registration = H2Stream.register(observer);
        Connection connection = safe.getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(registration).isNotNull();
      statement.execute("CREATE TABLE orders(id INT)");
      for (int i = 1; i <= 3; i++) {
        statement.executeUpdate("INSERT INTO orders VALUES(" + i + ")");
        assertThat(rows(config, "one")).isEqualTo(i);
        assertThat(rows(config, "two")).isEqualTo(i);
      }
      connection.setAutoCommit(false);
      statement.executeUpdate("INSERT INTO orders VALUES(4)");
      connection.commit();
      assertThat(rows(config, "two")).isEqualTo(4);
    }
  }
}
