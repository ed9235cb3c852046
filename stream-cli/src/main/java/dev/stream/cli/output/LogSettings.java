package dev.stream.cli.output;

/** How log lines look; takes effect if it is called before the first of them. */
public final class LogSettings {

  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private LogSettings() {}

  public static void configure(String level) {
    // Libraries' own debugging would drown Stream's.
    set("defaultLogLevel", level.equals("debug") ? "info" : level);
    set("log.dev.stream", level);
    // Its traces say less than the error that Stream makes of them.
    set("log.org.sqlite.SQLiteJDBCLoader", "off");
    set("showDateTime", "true");
    set("dateTimeFormat", "yyyy-MM-dd HH:mm:ss");
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
