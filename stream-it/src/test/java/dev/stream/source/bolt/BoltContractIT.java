package dev.stream.source.bolt;

import dev.stream.testkit.database.DatabaseHarness;
import dev.stream.testkit.database.PagedDatabaseContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The published contract, over page sizes and the ways of bbolt to keep its free pages. */
final class BoltContractIT {

  @Nested
  final class UsualPages extends PagedDatabaseContract {
    @TempDir private Path folder;

    @Override
    protected DatabaseHarness createDatabase() throws Exception {
      return new BoltHarness(folder.resolve("usual.db"));
    }
  }

  @Nested
  final class LargePages extends PagedDatabaseContract {
    @TempDir private Path folder;

    @Override
    protected DatabaseHarness createDatabase() throws Exception {
      return new BoltHarness(
          Duration.ofMillis(40), folder.resolve("large.db"), "-pagesize", "65536", "-nosync");
    }
  }

  @Nested
  final class WithoutFreelist extends PagedDatabaseContract {
    @TempDir private Path folder;

    @Override
    protected DatabaseHarness createDatabase() throws Exception {
      return new BoltHarness(
          folder.resolve("none.db"),
          "-nofreelistsync",
          "-freelist",
          "hashmap",
          "-pagesize",
          "8192");
    }
  }

  @Nested
  final class UnderPins extends PagedDatabaseContract {
    @TempDir private Path folder;

    @Override
    protected DatabaseHarness createDatabase() throws Exception {
      return new BoltHarness(folder.resolve("pins.db"), "-pins", "-nosync");
    }
  }
}
