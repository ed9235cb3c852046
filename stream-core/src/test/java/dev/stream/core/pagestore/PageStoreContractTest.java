package dev.stream.core.pagestore;

import dev.stream.testkit.database.DatabaseHarness;
import dev.stream.testkit.database.PagedDatabaseContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The example passes the contract that every source has to. */
final class PageStoreContractTest extends PagedDatabaseContract {

  @TempDir private Path folder;

  @Override
  protected DatabaseHarness createDatabase() throws Exception {
    return new PageStoreHarness(folder.resolve("store.pages"));
  }
}
