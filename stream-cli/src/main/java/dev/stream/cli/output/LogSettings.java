package dev.stream.cli.output;

import dev.stream.cli.log.JsonLine;
import java.io.PrintWriter;

/**
 * How log lines look: each begins with a date and time with its zone, or is a JSON object. Has an
 * effect only before the first log line.
 */
public final class LogSettings {

  private static final String PREFIX = "org.slf4j.simpleLogger.";
  private static final String PROVIDER = "dev.stream.cli.log.JsonLogProvider";

  private static volatile boolean json;

  private LogSettings() {}

  /** Sets them, for lines of text. */
  public static void configure(String level) {
    configure(level, false);
  }

  /**
   * Sets them.
   *
   * @param level the least severe level of Stream's own lines
   * @param asJson whether each line is a JSON object
   */
  public static void configure(String level, boolean asJson) {
    json = asJson;
    if (asJson) {
      System.setProperty("slf4j.provider", PROVIDER);
      System.setProperty("slf4j.internal.verbosity", "WARN"); // it would say so in a line of text
    }
    // The debug lines of libraries would bury those of Stream.
    set("defaultLogLevel", level.equals("debug") ? "info" : level);
    set("log.dev.stream", level);
    // Stream reports the same failure in a sentence, where this logger prints a stack trace.
    set("log.org.sqlite.SQLiteJDBCLoader", "off");
    set("showDateTime", "true");
    set("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ssXXX");
    set("showThreadName", "false");
    set("showLogName", "false");
  }

  /** What the user sets with {@code -D} stays. */
  private static void set(String key, String value) {
    if (System.getProperty(PREFIX + key) == null) {
      System.setProperty(PREFIX + key, value);
    }
  }

  /**
   * Prints a line that is no log line among those that are, and looks like them if they are JSON.
   */
  public static void tell(PrintWriter err, String line) {
    err.println(json ? JsonLine.of("INFO", "stream", line, null) : line);
    err.flush();
  }
}
