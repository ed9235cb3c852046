package dev.stream.source.bolt;

import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.DatabaseHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A bolt file under a writer of its own. */
final class BoltHarness implements DatabaseHarness {

  private final Path database;
  private final BoltWriter writer;

  BoltHarness(Path database, String... options) throws IOException {
    this.database = database;
    this.writer = BoltWriter.open(database, options);
    writer.ask("commit 1");
  }

  @Override
  public PagedDatabase open() throws IOException {
    return new BoltDatabaseProvider().open(new BoltConfig(database));
  }

  @Override
  public synchronized void commit(Random random) throws IOException {
    writer.ask("commit " + random.nextInt());
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
