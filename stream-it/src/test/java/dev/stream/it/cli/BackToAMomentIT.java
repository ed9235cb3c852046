package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.SqliteProcess;
import dev.stream.it.Witness;
import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table is dropped by mistake; the database of the moment before comes back, byte for byte. */
class BackToAMomentIT {

  @TempDir Path folder;

  @Test
  void theDatabaseOfTheMomentBeforeTheMistakeComesBack() throws Exception {
    Path database = folder.resolve("shop.db");
    SqliteProcess.create(
        database, 4096, "NONE", "CREATE TABLE orders(id INTEGER PRIMARY KEY, receipt BLOB);");
    String config =
        Files.writeString(
                folder.resolve("stream.json"),
                """
                {"database": {"type": "sqlite", "path": "%1$s/shop.db"},
                 "shadowDir": "%1$s/shadow", "syncInterval": "50ms",
                 "replicas": [{"type": "file", "path": "%1$s/replica"}]}
                """
                    .formatted(folder))
            .toString();
    byte[] before;
    Instant moment;
    try (SqliteProcess sqlite = new SqliteProcess(database);
        Witness witness = new Witness(folder);
        StreamProcess stream = StreamProcess.start("replicate", "--config", config).awaitReady()) {
      for (int i = 0; i < 20; i++) {
        sqlite.run("INSERT INTO orders(receipt) VALUES(randomblob(5000));");
      }
      // It is done when everything until now has been captured.
      Result snapshot = StreamProcess.run("snapshot", "--config", config);
      assertThat(snapshot.exit()).as(snapshot.err()).isZero();
      sqlite.run("UPDATE orders SET receipt = 'paid' WHERE id = 7;");
      assertThat(StreamProcess.run("snapshot", "--config", config).exit()).isZero();
      before = witness.bytes(database);
      moment = Instant.now();
      sqlite.run("DROP TABLE orders;");
      sqlite.run("CREATE TABLE regrets(what TEXT);");
      Result ended = stream.terminate();
      assertThat(ended.exit()).as(ended.err()).isZero();
    }
    Result list = StreamProcess.run("list", "--config", config, "--at", moment.toString());
    assertThat(list.exit()).as(list.err()).isZero();
    assertThat(list.out()).contains("at " + moment, "before it:", "after it:");
    Path restored = folder.resolve("restored.db");
    Result restore =
        StreamProcess.run(
            "restore", "--config", config, "-o", restored.toString(), "--timestamp", "" + moment);
    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(restore.out()).contains("the next state there is: transaction");
    assertThat(Files.readAllBytes(restored)).isEqualTo(before);
    Path newest = folder.resolve("newest.db");
    assertThat(StreamProcess.run("restore", "--config", config, "-o", newest.toString()).exit())
        .isZero();
    try (SqliteProcess sqlite = new SqliteProcess(newest)) {
      assertThat(sqlite.run("SELECT name FROM sqlite_master;")).containsExactly("regrets");
    }
  }
}
