package dev.stream.source.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Stream's promise of a durable commit rests on, of the H2 that it is built with. */
@Timeout(120)
final class H2DurabilityTest {

  private static final int COMMITS = 150;

  @TempDir Path folder;

  @Test
  void whatIsInTheFileAfterACommitIsFoundThere() throws Exception {
    Path copy = folder.resolve("copy.mv.db");
    // Space is reused at once, so that commits lie anywhere in the file.
    String url = "jdbc:h2:" + folder + "/db;WRITE_DELAY=0;RETENTION_TIME=0";
    int missing = 0;
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("CREATE TABLE t(n INT PRIMARY KEY, v VARBINARY(2000))");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t VALUES(?, SECURE_RAND(1500))")) {
        for (int i = 1; i <= COMMITS; i++) {
          insert.setInt(1, i);
          insert.executeUpdate();
          Files.copy(folder.resolve("db.mv.db"), copy, StandardCopyOption.REPLACE_EXISTING);
          missing += newest() == i ? 0 : 1;
        }
      }
    }
    assertThat(missing).as("commits that H2 " + H2Version.text() + " does not find").isZero();
  }

  private int newest() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:" + folder + "/copy");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT MAX(n) FROM t")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  @Test
  void theVersionThatLosesCommitsIsWarnedOf() {
    assertThat(H2Version.text()).matches("2\\.[0-9]+\\.[0-9]+");
    assertThat(H2Version.warning(H2Version.text())).isNull();
    assertThat(H2Version.warning("2.5.252")).contains("2.4.240");
  }
}
