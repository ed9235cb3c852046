package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.cli.StreamProcess;
import dev.stream.it.cli.StreamProcess.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command with bolt files; what a file is, its first bytes tell. */
final class BoltCommandsIT {

  @TempDir Path folder;

  @Test
  void aBoltFileIsReplicatedAndRestoredWithoutSayingWhatItIs() throws Exception {
    Path database = folder.resolve("state.db");
    Path image = folder.resolve("image.db");
    Path replica = folder.resolve("replica");
    try (BoltWriter writer = BoltWriter.open(database)) {
      writer.ask("commit 1");
      try (StreamProcess stream =
          StreamProcess.start("replicate", database.toString(), replica.toString()).awaitReady()) {
        for (int i = 2; i < 60; i++) {
          writer.ask("commit " + i);
        }
        Result ended = stream.terminate();
        assertThat(ended.exit()).as(ended.err()).isZero();
      }
      writer.ask("image " + image);
    }
    Path restored = folder.resolve("restored.db");
    Result restore =
        StreamProcess.run(
            "restore", "--from", replica.toString(), "--output", restored.toString(), "--thorough");
    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(restore.out() + restore.err())
        .contains("the database's own check passed (bolt, thorough)");
    assertThat(Files.mismatch(restored, image)).isEqualTo(-1);
    try (BoltWriter bbolt = BoltWriter.judge()) {
      assertThat(bbolt.check(restored)).isEqualTo(bbolt.check(database));
    }
  }

  @Test
  void anH2StoreIsKnownAndWhatToDoIsSaid() throws Exception {
    Path store = Files.writeString(folder.resolve("app.mv.db"), "H:2,block:2,blockSize:1000,");
    Result refused =
        StreamProcess.run("replicate", store.toString(), folder.resolve("replica").toString());
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("H2Stream.register(Observer.of(config))");
  }

  @Test
  void whatIsNoDatabaseIsRefusedAsBefore() throws Exception {
    Path text = folder.resolve("notes.db");
    Files.write(text, "notes".repeat(3000).getBytes(StandardCharsets.UTF_8));
    Result refused =
        StreamProcess.run("replicate", text.toString(), folder.resolve("replica").toString());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("is not a SQLite database");
  }
}
