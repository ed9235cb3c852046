package dev.stream.cli.replicate;

import dev.stream.cli.command.CommandFailure;
import dev.stream.core.config.ConfigException;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;

/** Which databases this command can capture: those whose commits can be seen from outside. */
public final class OutsideCaptureRequirement {

  private OutsideCaptureRequirement() {}

  /**
   * Refuses a database that only the application which writes it can capture, before anything is
   * begun.
   *
   * @param command what was asked for
   * @param instead what else the application can do for it; may be empty
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
