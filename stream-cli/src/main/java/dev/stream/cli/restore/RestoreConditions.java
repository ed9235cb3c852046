package dev.stream.cli.restore;

import dev.stream.cli.command.CommandFailure;
import picocli.CommandLine.Option;

/** Under what conditions {@code stream restore} does anything. */
final class RestoreConditions {

  @Option(
      names = "--if-missing",
      description =
          "Only if PATH does not exist; ends with 0 if it does. PATH may be left out then: the"
              + " configuration's database.")
  private boolean missing;

  @Option(
      names = "--if-backup",
      description =
          "Only if there is anything to restore; ends with 0 if every replica answered that it has"
              + " nothing yet. One that cannot be reached is a failure as ever.")
  private boolean backup;

  @Option(
      names = "--dry-run",
      description =
          "Tell what would be restored, from where, and how much would be read; change nothing.")
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

  /** Whether any was given. */
  boolean any() {
    return missing || backup || dry;
  }

  /**
   * Refuses what contradicts them.
   *
   * @param replaces whether an existing file is to be replaced
   */
  void require(boolean replaces) throws CommandFailure {
    if (missing && replaces) {
      throw CommandFailure.usage(
          "--if-missing leaves an existing file alone, --force and --delta replace it; give one of"
              + " them");
    }
  }
}
