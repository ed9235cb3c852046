package dev.stream.core;

import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamListener;
import dev.stream.core.restore.RestoreOutcome;
import dev.stream.core.run.AutoRestoreTarget;
import dev.stream.core.run.DatabaseWait;
import dev.stream.core.run.ReplicationTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Restores a database that is missing before an application opens it. */
final class MissingDatabase {

  private MissingDatabase() {}

  static RestoreOutcome restore(StreamConfig config) throws IOException {
    DatabaseConfig database = config.requireDatabase();
    Path path = database.path();
    if (DatabaseWait.isCreated(path)) {
      return RestoreOutcome.EXISTS;
    }
    try (ReplicationTargets targets = ReplicationTargets.open(config, null)) {
      if (Files.exists(path)) {
        requireNothingToRestore(path, targets);
        return RestoreOutcome.EXISTS;
      }
      return targets.restore(
          new AutoRestoreTarget(path, false),
          database.provider(),
          null,
          Clock.systemUTC(),
          StreamListener.SILENT);
    }
  }

  /** Whoever made an empty file may have it open: to put another one there would lose commits. */
  private static void requireNothingToRestore(Path path, ReplicationTargets targets)
      throws IOException {
    if (!targets.holdNothing()) {
      throw new IOException(
          path
              + " has no byte, but there is a backup, or a replica that cannot be asked: something"
              + " opened the database before it could be restored. Restore before anything opens"
              + " it; close what has it open, remove the file and start again; or, if an empty"
              + " database is what is wanted, use other replicas and another shadow directory");
    }
  }
}
