package org.example.notes;

import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** Adds a note to {@code app.db} in a folder, and has it in {@code backups} when it ends. */
public final class Notes {

  private Notes() {}

  /**
   * Runs.
   *
   * @param args the folder, and the note
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    String url = "jdbc:sqlite:" + folder.resolve("app.db");
    StreamConfig config =
        StreamConfig.builder()
            .database("sqlite", Map.of("path", folder.resolve("app.db")))
            .shadowDir(folder.resolve("app.db.stream"))
            .replica("file", Map.of("path", folder.resolve("backups")))
            .build();
    try (Connection app = DriverManager.getConnection(url);
        Statement sql = app.createStatement()) {
      sql.execute("CREATE TABLE IF NOT EXISTS notes(text)");
    }
    try (StreamController stream = StreamController.enable(config);
        Connection app = DriverManager.getConnection(url);
        var insert = app.prepareStatement("INSERT INTO notes VALUES(?)")) {
      insert.setString(1, args[1]);
      insert.execute();
      stream.sync(Duration.ofSeconds(30));
      System.out.println("data loss window: " + stream.dataLossWindow());
    }
  }
}
