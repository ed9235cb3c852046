package dev.stream.cli.output;

/**
 * How log lines look: each begins with a date and time with its zone. Has an effect only before the
 * first log line.
 */
public final class LogSettings {

  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private LogSettings() {}

  public static void configure(String level) {
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
}
