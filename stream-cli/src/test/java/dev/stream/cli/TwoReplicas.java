package dev.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.output.Json;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A configuration of an SQLite database and the replicas {@code one} and {@code two}, folders. */
public abstract class TwoReplicas {

  @TempDir protected Path folder;

  public Path config;

  @BeforeEach
  final void configure() throws Exception {
    config = folder.resolve("stream.json");
    Files.writeString(
        config,
        """
        {"database": {"type": "sqlite", "path": "%1$s/app.db"}, "shadowDir": "%1$s/shadow",
         "replicas": [{"type": "file", "path": "%1$s/one", "name": "one"},
                      {"type": "file", "path": "%1$s/two", "name": "two"}]}
        """
            .formatted(folder));
  }

  /** Executes statements in the database, which the first call makes. */
  protected final void sql(String... statements) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  /** A Stream of the configuration, in this process. */
  protected final StreamController stream() throws Exception {
    return StreamController.enable(StreamConfig.read(config, PluginRegistry.discover()));
  }

  /** Runs a command with the configuration. */
  protected final Invocation run(String command, String... more) {
    return Invocation.of(
        Stream.concat(Stream.of(command, "--config", config.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  /** Runs a command with the configuration and {@code --json}; returns what it printed. */
  protected final JsonNode json(int exit, String command, String... more) throws Exception {
    Invocation invocation =
        run(command, Stream.concat(Stream.of(more), Stream.of("--json")).toArray(String[]::new));
    assertThat(invocation.exit()).as(invocation.out() + invocation.err()).isEqualTo(exit);
    return Json.mapper().readTree(invocation.out());
  }
}
