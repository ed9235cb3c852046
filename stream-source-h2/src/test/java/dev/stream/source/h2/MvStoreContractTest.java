package dev.stream.source.h2;

import dev.stream.testkit.database.DatabaseHarness;
import dev.stream.testkit.database.PagedDatabaseContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a paged database, with an MVStore. */
final class MvStoreContractTest extends PagedDatabaseContract {

  @TempDir Path folder;

  @Override
  protected DatabaseHarness createDatabase() {
    return new StoreHarness(folder);
  }
}
