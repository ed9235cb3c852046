package dev.stream.source.h2;

import dev.stream.testkit.database.DatabaseHarness;
import dev.stream.testkit.database.PagedDatabaseContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a paged database, with an H2 database. */
final class H2ContractTest extends PagedDatabaseContract {

  @TempDir Path folder;

  @Override
  protected DatabaseHarness createDatabase() throws Exception {
    return new SqlHarness(folder);
  }
}
