package dev.stream.source.sqlite;

import dev.stream.testkit.database.DatabaseHarness;
import dev.stream.testkit.database.PagedDatabaseContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The published contract, over page sizes and vacuum modes. */
final class SqliteContractTest {

  @Nested
  final class SmallPages extends PagedDatabaseContract {
    @TempDir private Path folder;

    @Override
    protected DatabaseHarness createDatabase() throws Exception {
      return new SqliteHarness(folder.resolve("small.db"), 512, "INCREMENTAL");
    }
  }

  @Nested
  final class UsualPages extends PagedDatabaseContract {
    @TempDir private Path folder;

    @Override
    protected DatabaseHarness createDatabase() throws Exception {
      return new SqliteHarness(folder.resolve("usual.db"), 4096, "NONE");
    }
  }

  @Nested
  final class LargePages extends PagedDatabaseContract {
    @TempDir private Path folder;

    @Override
    protected DatabaseHarness createDatabase() throws Exception {
      return new SqliteHarness(folder.resolve("large.db"), 65536, "FULL");
    }
  }
}
