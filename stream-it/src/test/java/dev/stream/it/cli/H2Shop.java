package dev.stream.it.cli;

import dev.stream.core.Observer;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** An H2 database that this JVM writes and has captured, as an application does. */
public final class H2Shop implements AutoCloseable {

  public final Path database;
  public final Path replica;
  final Path shadow;
  final Path config;
  private final String url;
  private Observer observer;
  private H2Registration registration;
  private Connection connection;

  public H2Shop(Path folder) throws IOException {
    this.database = folder.resolve("shop.mv.db");
    this.replica = folder.resolve("replica");
    this.shadow = folder.resolve("shadow");
    this.url = folder.resolve("shop") + ";WRITE_DELAY=0";
    this.config =
        Files.writeString(
            folder.resolve("stream.json"),
            """
            {"database": {"type": "h2", "path": "%s"}, "shadowDir": "%s", "syncInterval": "50ms",
             "restore": {"enabled": true}, "replicas": [{"type": "file", "path": "%s"}]}
            """
                .formatted(database, shadow, replica));
  }

  /** Opens the database with Stream. */
  public H2Shop open() throws Exception {
    observer = Observer.of(StreamConfig.read(config, PluginRegistry.discover()));
    registration = H2Stream.register(observer);
    connection = DriverManager.getConnection("jdbc:h2:stream:" + url);
    execute("CREATE TABLE IF NOT EXISTS orders(id IDENTITY, receipt VARBINARY)");
    return this;
  }

  /** Opens the database as if there were no Stream. */
  H2Shop openWithout() throws SQLException {
    connection = DriverManager.getConnection("jdbc:h2:" + url);
    return this;
  }

  public void order() throws SQLException {
    execute("INSERT INTO orders(receipt) VALUES(SECURE_RAND(20000))");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Waits until the replica has every commit. */
  void sync() throws Exception {
    StreamController controller = observer.controller();
    if (controller == null) {
      throw new AssertionError("nothing is captured");
    }
    controller.sync(Duration.ofSeconds(60));
  }

  /** Closes the database, with everything on the replica. */
  @Override
  public void close() throws SQLException {
    if (connection != null) {
      connection.close();
    }
    if (registration != null) {
      registration.close();
    }
  }
}
