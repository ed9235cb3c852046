package dev.stream.cli;

import dev.stream.cli.output.LogSettings;
import dev.stream.cli.process.FolderRemoval;
import dev.stream.cli.process.NativeLibraries;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Replicates a small database of its own to a folder and restores it, so that every class is loaded
 * that this needs. The launcher runs it with {@code -XX:DumpLoadedClassList} and has these classes
 * archived; later starts read them from the archive, which is faster.
 */
final class ClassTraining {

  private ClassTraining() {}

  /** Ends with 0 if every step has worked. */
  public static void main(String[] args) throws Exception {
    NativeLibraries.use();
    LogSettings.configure("info");
    Path folder = Files.createTempDirectory("stream-training-");
    int exit;
    try {
      exit = train(folder);
    } finally {
      FolderRemoval.remove(folder);
    }
    System.exit(exit);
  }

  private static int train(Path folder) throws Exception {
    Path database = folder.resolve("app.db");
    Path replica = Files.createDirectory(folder.resolve("replica"));
    write(database, "PRAGMA journal_mode=WAL; CREATE TABLE t(v); INSERT INTO t VALUES(1);");
    var unused =
        StreamCommand.commandLine("replicate")
            .parseArgs("replicate", "" + database, "" + replica, "--shadow", folder + "/shadow");
    PluginRegistry plugins = PluginRegistry.discover();
    Path file = folder.resolve("stream.json");
    Files.writeString(
        file,
        "{\"database\": {\"type\": \"sqlite\", \"path\": \"%s\"}, \"shadowDir\": \"%s\","
                .formatted(database, folder.resolve("shadow"))
            + " \"replicas\": [{\"type\": \"file\", \"path\": \"%s\"}]}".formatted(replica));
    StreamController controller =
        StreamController.builder()
            .config(StreamConfig.read(file, plugins))
            .plugins(plugins)
            .build();
    controller.start();
    try {
      write(database, "INSERT INTO t VALUES(2);");
      controller.sync(Duration.ofSeconds(20));
    } finally {
      controller.close();
    }
    Path restored = folder.resolve("restored.db");
    return run("list", "--from", "" + replica)
        + run("verify", "--from", "" + replica)
        + run("restore", "--from", "" + replica, "--output", "" + restored);
  }

  private static int run(String... args) {
    return StreamCommand.commandLine(args).execute(args);
  }

  private static void write(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      var unused = statement.executeUpdate(sql);
    }
  }
}
