package dev.stream.cli.check;

import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.process.DatabaseFileLock;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.guard.RehearsalFinding;
import dev.stream.core.run.RunningStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What can be seen from outside of a database that only the application that writes it captures.
 */
final class InProcessCapture {

  private InProcessCapture() {}

  /**
   * Looks at the file, and at who uses it. It is a warning if commits seem not to be replicated.
   *
   * @param how how the application has it captured, as a sentence
   * @throws IOException if the file is damaged or cannot be read
   */
  static RehearsalFinding look(StreamConfig config, String how) throws IOException {
    DatabaseConfig database = config.requireDatabase();
    Path path = database.path();
    if (Files.notExists(path)) {
      return new RehearsalFinding(
          false,
          path
              + " does not exist; the application "
              + (config.restore().enabled()
                  ? "restores it first if there is a backup, and otherwise "
                  : "")
              + "creates it when it opens it. "
              + how);
    }
    boolean captured = RunningStream.of(config.shadowDir()).state().isAlive();
    try (DatabaseFileLock held = DatabaseFileLock.fromWriters(path)) {
      if (held == null) {
        return open(path, captured, how);
      }
    }
    database.provider().check(path, false);
    return new RehearsalFinding(
        false,
        path
            + " is sound, "
            + ValueFormat.bytes(Files.size(path))
            + ", and open nowhere. Whether the application captures its commits cannot be checked"
            + " from outside while it does not run. "
            + how);
  }

  private static RehearsalFinding open(Path path, boolean captured, String how) {
    return captured
        ? new RehearsalFinding(
            false,
            path
                + " is open in an application, and a Stream uses the shadow directory: 'stream"
                + " status' tells what it captures, which cannot be checked from outside")
        : new RehearsalFinding(
            true,
            path
                + " is open in an application, but no Stream uses the shadow directory: its commits"
                + " are not replicated with this configuration. "
                + how);
  }
}
