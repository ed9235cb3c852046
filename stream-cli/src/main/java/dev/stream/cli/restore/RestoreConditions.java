package dev.stream.cli.restore;

import dev.stream.cli.command.CommandFailure;
import picocli.CommandLine.Option;

/** On which conditions {@code stream restore} does anything. */
final class RestoreConditions {

  @Option(
      names = "--if-missing",
      description =
          "Restore only if PATH does not exist; end with 0 if it does. PATH may be left out then:"
              + " it is the configuration's database.")
  private boolean missing;

  @Option(
      names = "--if-backup",
      description =
          "Restore only if there is a backup; end with 0 if every replica answered that it has"
              + " nothing yet. A replica that cannot be reached is a failure in any case.")
  private boolean backup;

  @Option(
      names = "--dry-run",
      description =
          "Show what would be restored, from where, and how much would be read; change nothing.")
  private boolean dry;

  /** Whether a file that is there is left alone, and nothing else is done. */
  boolean onlyIfMissing() {
    return missing;
  }

  /** Whether it is no failure that no replica has anything. */
  boolean onlyIfBackup() {
    return backup;
  }

  /** Whether to change nothing. */
  boolean dryRun() {
    return dry;
  }

  /** Whether any of these options was given. */
  boolean any() {
    return missing || backup || dry;
  }

  /**
   * Refuses options that contradict these.
   *
   * @param replaces whether an existing file is to be replaced
   */
  void require(boolean replaces) throws CommandFailure {
    if (missing && replaces) {
      throw CommandFailure.usage(
          "--if-missing leaves an existing file alone, but --force and --delta replace it; give"
              + " only one of them");
    }
  }
}
