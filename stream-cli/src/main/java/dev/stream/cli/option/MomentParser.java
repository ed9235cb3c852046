package dev.stream.cli.option;

import dev.stream.cli.command.CommandFailure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads moments as people write them: with a zone, or as a time ago. */
public final class MomentParser {

  /** The forms that are understood, for help texts. */
  public static final String FORMS =
      "A date and time with its zone, such as 2026-05-01T12:00:00Z or 2026-05-01T14:00:00+02:00, or"
          + " a time ago, such as -10m, -1h30m or -2d.";

  private static final String NUMBER = "([0-9]{1,9})";
  private static final Pattern AGO =
      Pattern.compile("-(?=[0-9])(?:%1$sd)?(?:%1$sh)?(?:%1$sm)?(?:%1$ss)?".formatted(NUMBER));
  private static final Duration[] UNITS = {
    Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(1)
  };

  private MomentParser() {}

  /**
   * Returns the moment that a text names.
   *
   * @param option the option that the text is the value of, for errors
   */
  public static Instant parse(String option, String text, Instant now) throws CommandFailure {
    Matcher ago = AGO.matcher(text);
    try {
      if (ago.matches()) {
        Instant moment = now;
        for (int unit = 0; unit < UNITS.length; unit++) {
          String number = ago.group(unit + 1);
          moment =
              number == null
                  ? moment
                  : moment.minus(UNITS[unit].multipliedBy(Long.parseLong(number)));
        }
        return moment;
      }
      return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      throw CommandFailure.usage(option + " " + text + ": " + fault(text.replace(' ', 'T')));
    }
  }

  private static String fault(String text) {
    try {
      return withoutZone(LocalDateTime.parse(text).toString());
    } catch (DateTimeException e) {
      // It may be a date without a time.
    }
    try {
      return withoutZone(LocalDate.parse(text) + "T12:00");
    } catch (DateTimeException e) {
      return "this is no moment. " + FORMS;
    }
  }

  private static String withoutZone(String local) {
    String seconds = local.length() == "2026-05-01T12:00".length() ? local + ":00" : local;
    return "it does not say in which zone. Write "
        + seconds
        + "Z for universal time, or an offset such as "
        + seconds
        + "+02:00";
  }
}
