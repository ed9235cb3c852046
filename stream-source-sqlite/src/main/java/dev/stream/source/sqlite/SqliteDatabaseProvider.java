package dev.stream.source.sqlite;

import com.google.auto.service.AutoService;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
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

/**
 * Databases of type {@code sqlite}: a SQLite 3 file that any process and any language writes.
 *
 * <p>The file is switched to WAL mode if it is not in it; nothing else in it is changed.
 */
@AutoService(PagedDatabaseProvider.class)
@SuppressWarnings({"rawtypes", "exports"}) // AutoService: the raw interface; gone at run time.
public final class SqliteDatabaseProvider implements PagedDatabaseProvider<SqliteConfig> {

  private static final int MAX_FINDINGS = 5;

  /** For the answer to a question. */
  private static final Duration QUERY_PATIENCE = Duration.ofMinutes(10);

  /** Oldest SQLite without the fault that a write meeting a checkpoint can corrupt the log. */
  private static final int[] SOUND_VERSION = {3, 51, 3};

  /** For {@link java.util.ServiceLoader}. */
  public SqliteDatabaseProvider() {}

  @Override
  public String type() {
    return "sqlite";
  }

  @Override
  public Class<SqliteConfig> configType() {
    return SqliteConfig.class;
  }

  @Override
  public Path path(SqliteConfig config) {
    return config.path();
  }

  @Override
  public boolean recognises(Path file) throws IOException {
    return SqliteHeader.isMarked(file);
  }

  @Override
  public PagedDatabase open(SqliteConfig config) throws IOException {
    Path real = StartRequirements.of(config).require();
    String version = libraryVersion();
    return new SqliteDatabase(
        config.path().toAbsolutePath(),
        new DatabaseInfo(type(), real, "SQLite " + version),
        versionWarning(version));
  }

  @Override
  public List<String> rehearse(SqliteConfig config) throws IOException {
    open(config).close();
    List<String> warnings = new ArrayList<>(StartRequirements.of(config).rehearse());
    String found = new LiveCheck(config.path().toRealPath()).warning();
    if (found != null) {
      warnings.add(found);
    }
    return List.copyOf(warnings);
  }

  /** A warning if the SQLite library in this process is too old; null if it is sound. */
  static @Nullable String versionWarning(String version) {
    String[] parts = version.split("\\.", -1);
    for (int i = 0; i < SOUND_VERSION.length; i++) {
      int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
      if (part != SOUND_VERSION[i]) {
        return part > SOUND_VERSION[i]
            ? null
            : "SQLite "
                + version
                + " can corrupt a database when a write meets a checkpoint; use 3.51.3 or newer";
      }
    }
    return null;
  }

  private static String libraryVersion() throws IOException {
    NativeLibrary.require();
    try (Connection memory = java.sql.DriverManager.getConnection("jdbc:sqlite::memory:")) {
      return Connections.queryString(memory, "SELECT sqlite_version()");
    } catch (SQLException e) {
      throw new IOException("cannot load the SQLite library: " + e.getMessage(), e);
    }
  }

  @Override
  public List<Path> companions(Path file) {
    String name = String.valueOf(file.getFileName());
    return List.of(
        file.resolveSibling(name + "-wal"),
        file.resolveSibling(name + "-shm"),
        file.resolveSibling(name + "-journal"));
  }

  @Override
  public void check(Path file, boolean thorough) throws IOException {
    if (Files.size(file) == 0) {
      return; // An empty file is an empty database.
    }
    NativeLibrary.require();
    String pragma = thorough ? "integrity_check" : "quick_check";
    List<String> findings = new ArrayList<>();
    try (Connection connection = Connections.openImmutable(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + pragma)) {
      while (rows.next() && findings.size() < MAX_FINDINGS) {
        findings.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw Connections.explain("SQLite cannot read", file, e);
    }
    if (!findings.equals(List.of("ok"))) {
      throw new IOException(
          "SQLite finds " + file + " damaged (" + pragma + "): " + String.join("; ", findings));
    }
  }

  @Override
  public @Nullable String query(SqliteConfig config, Path file, String question)
      throws IOException {
    NativeLibrary.require();
    try (Connection connection = Connections.openImmutable(file);
        Statement statement = connection.createStatement()) {
      QueryDeadline.set(connection, QUERY_PATIENCE);
      try (ResultSet rows = statement.executeQuery(question)) {
        return rows.next() ? rows.getString(1) : null;
      }
    } catch (SQLException e) {
      throw Connections.explain("SQLite cannot answer \"" + question + "\" from", file, e);
    }
  }

  @Override
  public FollowedCopy follow(Path copy) throws IOException {
    return SqliteCopy.at(copy, step -> {});
  }
}
