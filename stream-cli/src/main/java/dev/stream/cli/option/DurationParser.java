package dev.stream.cli.option;

import dev.stream.cli.command.CommandFailure;
import dev.stream.core.config.Durations;
import java.time.Duration;

/** Reads durations as a configuration has them, such as {@code 1h30m}. */
public final class DurationParser {

  private DurationParser() {}

  /**
   * Returns the duration that a text names.
   *
   * @param option the option that the text is the value of, for errors
   */
  public static Duration parse(String option, String text) throws CommandFailure {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(option + " \"" + text + "\" " + e.getMessage());
    }
  }
}
