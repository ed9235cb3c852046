package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.StreamController;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.config.StreamConfig;
import dev.stream.testkit.TestRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link StreamController#sync} promises. */
final class SyncIT {

  @TempDir Path folder;

  @Test
  void whatWasCommittedBeforeSyncIsOnTheReplicaWhenItReturns() throws Exception {
    Path database = folder.resolve("app.db");
    Path replica = folder.resolve("replica");
    SqliteProcess.create(database, 4096, "NONE", RandomSql.SCHEMA);
    StreamConfig config =
        StreamConfig.builder()
            .database("sqlite", Map.of("path", database))
            .shadowDir(folder.resolve("shadow"))
            .syncInterval(Duration.ofMillis(1))
            .replica("file", Map.of("path", replica))
            .build();
    Restores restores = Restores.from(replica, folder);
    try (SqliteProcess writer = new SqliteProcess(database);
        StreamController stream = StreamController.enable(config)) {
      for (int i = 0; i < TestRun.rounds(500, 10_000); i++) {
        writer.run("INSERT INTO t(v) VALUES(randomblob(10));");
        stream.sync(Await.PATIENCE);
        GenerationListing listed = restores.newestGeneration();
        assertThat(listed.newestTxId()).as("round %d", i).hasValue(stream.status().txId());
      }
    }
  }
}
