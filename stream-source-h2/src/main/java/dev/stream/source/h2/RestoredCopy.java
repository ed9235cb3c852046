package dev.stream.source.h2;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.h2.Driver;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A restored H2 database that is asked what it holds, and is not changed by that. */
final class RestoredCopy {

  private static final String SUFFIX = ".mv.db";
  private static final String DEFAULT_USER = "sa";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Path file;
  private final H2Config config;

  RestoredCopy(Path file, H2Config config) {
    this.file = file;
    this.config = config;
  }

  /** The first value of the first row; null if there is none. */
  @Nullable String query(String question) throws IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout((int) PATIENCE.toSeconds());
      try (ResultSet rows = statement.executeQuery(question)) {
        return rows.next() ? rows.getString(1) : null;
      }
    } catch (SQLException e) {
      throw new IOException(
          "H2 cannot answer \"" + question + "\" from " + file + ": " + e.getMessage() + hint(e),
          e);
    }
  }

  private Connection connect() throws IOException, SQLException {
    String path = file.toAbsolutePath().toString();
    if (!path.endsWith(SUFFIX)) {
      throw new IOException(
          file + " is an MVStore, which takes no SQL (an H2 database ends in " + SUFFIX + ")");
    }
    if (path.indexOf(';') >= 0) {
      throw new IOException("H2 cannot open " + file + ", since there is a ';' in its path");
    }
    Properties user = new Properties();
    user.setProperty("user", Objects.requireNonNullElse(config.user(), DEFAULT_USER));
    user.setProperty("password", Objects.requireNonNullElse(config.password(), ""));
    String name = path.substring(0, path.length() - SUFFIX.length());
    // Nothing is written: neither to the file, nor a lock or a trace beside it.
    String url =
        "jdbc:h2:nio:"
            + name
            + ";ACCESS_MODE_DATA=r;FILE_LOCK=NO;IFEXISTS=TRUE;TRACE_LEVEL_FILE=0"
            + ";DB_CLOSE_ON_EXIT=FALSE";
    return Objects.requireNonNull(new Driver().connect(url, user), "a connection");
  }

  private static String hint(SQLException e) {
    return e.getErrorCode() == ErrorCode.WRONG_USER_OR_PASSWORD
        ? ". Set user and password of the database in the configuration"
        : "";
  }
}
