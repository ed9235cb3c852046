package dev.stream.source.bolt;

import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.DatabaseHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A bolt file under a writer of its own. */
final class BoltHarness implements DatabaseHarness {

  private final Path database;
  private final BoltWriter writer;
  private final Duration rest;
  private int commits;

  /**
   * A writer that rests now and then.
   *
   * @param rest after every sixteenth commit: what nobody pins, and is larger than what can be read
   *     between two commits, is captured only in such pauses
   */
  BoltHarness(Duration rest, Path database, String... options) throws IOException {
    this.database = database;
    this.writer = BoltWriter.open(database, options);
    this.rest = rest;
    writer.ask("commit 1");
  }

  BoltHarness(Path database, String... options) throws IOException {
    this(Duration.ZERO, database, options);
  }

  @Override
  public PagedDatabase open() throws IOException {
    return new BoltDatabaseProvider().open(new BoltConfig(database));
  }

  @Override
  public synchronized void commit(Random random) throws IOException {
    writer.ask("commit " + random.nextInt());
    if (++commits % 16 == 0) {
      LockSupport.parkNanos(rest.toNanos());
    }
  }

  @Override
  public synchronized byte[] image() throws IOException {
    Path image = database.resolveSibling("image.db");
    writer.ask("image " + image);
    return Files.readAllBytes(image);
  }

  @Override
  public boolean crash(PagedDatabase capture) throws IOException {
    ((BoltDatabase) capture).abandon();
    return true;
  }

  @Override
  public synchronized boolean breakContinuity() throws IOException {
    writer.ask("compact");
    return true;
  }

  @Override
  public synchronized void close() throws IOException {
    writer.close();
  }
}
