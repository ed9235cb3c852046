package dev.stream.it.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** A database, a replica in a folder, and the configuration that joins them. */
public final class Shop implements AutoCloseable {

  final Path folder;
  public final Path database;
  public final Path replica;
  public final Path shadow;
  private final Connection connection;

  public Shop(Path folder) throws Exception {
    this(folder, folder.resolve("shop.db"));
    execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, receipt BLOB)");
  }

  /** A shop whose database is there already. */
  Shop(Path folder, Path database) throws Exception {
    this.folder = folder;
    this.database = database;
    this.replica = folder.resolve("replica");
    this.shadow = folder.resolve("shadow");
    this.connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA busy_timeout=10000");
    execute("PRAGMA journal_mode=WAL");
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** One commit, some of whose pages no later one changes. */
  public void order() throws SQLException {
    execute("INSERT INTO orders(receipt) VALUES(randomblob(20000))");
  }

  Path config() throws IOException {
    return config("");
  }

  /** Writes the configuration, with further keys. */
  Path config(String more) throws IOException {
    return write(
        """
        {"database": {"type": "sqlite", "path": "%s"}, "shadowDir": "%s", "syncInterval": "50ms",
         "closeTimeout": "3s", %s "replicas": [{"type": "file", "path": "%s"}]}
        """
            .formatted(database, shadow, more, replica));
  }

  public Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("stream.json"), json);
  }

  List<Path> segments() {
    return artefacts("segments");
  }

  List<Path> artefacts(String kind) {
    if (!Files.exists(replica)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(replica)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> replica.relativize(file).toString().contains("/" + kind + "/"))
          .sorted()
          .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of(); // Something was moved meanwhile.
    }
  }

  /** Puts everything into the database file and copies it; nobody else may have it open. */
  public Path reference() throws Exception {
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return Files.copy(database, folder.resolve("reference.db"));
  }

  /** Replicates until there is a snapshot and so many segments, of a commit each at least. */
  void replicate(int segments) throws Exception {
    try (StreamProcess stream =
        StreamProcess.start("replicate", "--config", config().toString()).awaitReady()) {
      StreamProcess.await("the snapshot", () -> !artefacts("snapshots").isEmpty());
      for (int i = 1; i <= segments; i++) {
        int wanted = i;
        order();
        StreamProcess.await("segment " + i, () -> segments().size() >= wanted);
      }
      StreamProcess.Result ended = stream.terminate();
      if (ended.exit() != 0) {
        throw new AssertionError(ended.err());
      }
    }
  }

  static Path copyOf(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(source.relativize(file).toString()));
      }
    }
    return target;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
