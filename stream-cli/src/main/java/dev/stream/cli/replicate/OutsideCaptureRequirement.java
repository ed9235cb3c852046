package dev.stream.cli.replicate;

import dev.stream.cli.command.CommandFailure;
import dev.stream.core.config.ConfigException;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;

/**
 * That the commits of a database can be seen from outside, which this command needs to capture
 * them.
 */
public final class OutsideCaptureRequirement {

  private OutsideCaptureRequirement() {}

  /**
   * Refuses a database that only the application which writes it can capture, before anything is
   * begun.
   *
   * @param command the sub-command that was called
   * @param instead what the application can do instead, as a sentence after a space; may be empty
   */
  public static void require(StreamConfig config, String command, String instead)
      throws CommandFailure, ConfigException {
    DatabaseConfig database = config.requireDatabase();
    String how = database.provider().captureInProcess();
    if (how != null) {
      throw CommandFailure.usage(
          database.path()
              + " is of type \""
              + database.type()
              + "\": such databases are captured inside the application that writes them, in its"
              + " commit path, so 'stream "
              + command
              + "' cannot do it from outside; nothing was begun. "
              + how
              + instead
              + " 'stream check', 'status', 'list', 'verify' and 'restore' work from here");
    }
  }
}
