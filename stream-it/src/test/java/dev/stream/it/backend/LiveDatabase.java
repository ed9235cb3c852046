package dev.stream.it.backend;

import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.it.Await;
import dev.stream.it.BusyWriter;
import dev.stream.it.RandomSql;
import dev.stream.it.Recorder;
import dev.stream.it.SqliteProcess;
import dev.stream.it.Witness;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A database that another process writes without a pause unless told to, and a witness who knows
 * what it is. A writer that sees an error fails the test at the next pause. For one thread.
 */
final class LiveDatabase implements AutoCloseable {

  private static final int PAGE_SIZE = 4096;

  private final Path folder;
  private final Witness witness;
  private final BusyWriter writer;
  private final SqliteProcess visitor;
  private final Recorder told = new Recorder();

  private LiveDatabase(Path folder) throws Exception {
    this.folder = folder;
    witness = new Witness(folder);
    visitor = new SqliteProcess(file());
    writer = new BusyWriter(file(), 0, PAGE_SIZE, TestRun.random("live").nextLong());
  }

  /**
   * A new one.
   *
   * @param weight bytes in it that no transaction of the writer changes, and that do not compress
   */
  static LiveDatabase create(Path folder, int weight) throws Exception {
    SqliteProcess.create(
        file(folder),
        PAGE_SIZE,
        "NONE",
        RandomSql.SCHEMA
            + "CREATE TABLE weight(v); INSERT INTO weight VALUES(randomblob("
            + weight
            + "));");
    return new LiveDatabase(folder);
  }

  /** One that was there before, and lives again. */
  static LiveDatabase open(Path folder) throws Exception {
    return new LiveDatabase(folder);
  }

  static Path file(Path folder) {
    return folder.resolve("app.db");
  }

  Path file() {
    return file(folder);
  }

  Path shadow() {
    return folder.resolve("shadow");
  }

  /** What was told by every Stream that this started. */
  Recorder told() {
    return told;
  }

  /** A configuration without a replica. */
  StreamConfigBuilder config() {
    return StreamConfig.builder()
        .database("sqlite", Map.of("path", file()))
        .shadowDir(shadow())
        .syncInterval(Duration.ofMillis(100))
        .snapshotInterval(Duration.ofHours(1));
  }

  StreamController replicate(StreamConfigBuilder config) throws IOException {
    StreamController stream =
        StreamController.builder().config(config.build()).listener(told).build();
    stream.start();
    return stream;
  }

  /** Waits until the writer has committed some more. */
  void goOnForAWhile() throws Exception {
    long begun = committed();
    Await.until("the writer goes on", () -> committed() >= begun + 50);
  }

  private long committed() throws InterruptedException {
    return Long.parseLong(visitor.value("SELECT n FROM tally WHERE writer=0;"));
  }

  /** One more transaction, of somebody else; returns when it is committed. */
  void commit(String sql) throws InterruptedException {
    visitor.run(sql);
  }

  /** Lets the writer pause; a transaction of somebody else may still come. */
  void pause() throws InterruptedException {
    writer.pause();
  }

  void go() {
    writer.go();
  }

  /** The database's bytes while nobody writes. */
  byte[] bytes() throws Exception {
    return witness.bytes(file());
  }

  /** Lets the writer pause and the replicas catch up; returns the bytes that they must have. */
  byte[] settled(StreamController stream) throws Exception {
    pause();
    stream.sync(Await.PATIENCE);
    return bytes();
  }

  @Override
  public void close() throws IOException {
    writer.close();
    visitor.close();
    witness.close();
  }
}
