package dev.stream.it.backend;

import dev.stream.it.ChildJvm;
import dev.stream.it.ConfigFile;
import dev.stream.it.RandomSql;
import dev.stream.it.ReplicateMain;
import dev.stream.it.SqliteProcess;
import dev.stream.it.Witness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A database with its writer, and Stream in a process of its own, which share nothing with another
 * one but the replica. For one thread.
 */
final class Machine implements AutoCloseable {

  private final Path database;
  private final SqliteProcess writer;
  private final Witness witness;
  private final ChildJvm stream;

  /**
   * Begins to replicate.
   *
   * @param folder its disk, which is made
   * @param content what the database is; empty for a new one
   */
  Machine(Path folder, byte[] content, String type, Map<String, Object> replica) throws Exception {
    Files.createDirectory(folder);
    database = folder.resolve("app.db");
    if (content.length == 0) {
      SqliteProcess.create(database, 4096, "NONE", RandomSql.SCHEMA);
    } else {
      Files.write(database, content);
    }
    witness = new Witness(folder);
    Path config =
        new ConfigFile(database, folder.resolve("shadow"))
            .set("syncInterval", "20ms")
            .set("snapshotInterval", "1h")
            .set("retention", Map.of("snapshotRetention", "24h", "checkInterval", "1s"))
            .replica(type, replica)
            .write(folder.resolve("stream.json"));
    stream = ChildJvm.start(ReplicateMain.class, List.of("-Xmx128m"), config);
    stream.answer("ready");
    // Only now: what is written between a restore and the start would make it another database.
    writer = new SqliteProcess(database);
  }

  /** The application commits so many transactions. */
  void write(int transactions) throws InterruptedException {
    for (int i = 0; i < transactions; i++) {
      writer.run("INSERT INTO t(v) VALUES(randomblob(2000));");
    }
  }

  /** Waits until the replica has everything. Returns the database's bytes. */
  byte[] synced() throws Exception {
    stream.say("sync");
    stream.answer("synced ");
    return bytes();
  }

  /** The database's bytes; nobody may write. */
  byte[] bytes() throws Exception {
    return witness.bytes(database);
  }

  void freeze() throws IOException {
    stream.freeze();
  }

  void wake() throws IOException {
    stream.wake();
  }

  /** Waits until it tells that another one writes to the replica. */
  String heldBack() throws InterruptedException {
    return stream.answer("held back ");
  }

  /** Whether it has told so. */
  boolean isHeldBack() {
    return stream.said().stream().anyMatch(line -> line.startsWith("held back "));
  }

  @Override
  public void close() throws IOException {
    stream.close();
    writer.close();
    witness.close();
  }
}
