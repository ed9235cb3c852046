package dev.stream.cli.log;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The least severe level that a logger prints: by the same properties as those of SLF4J's simple
 * logger, so that a level is set in one way, however lines look.
 *
 * @param level null for none at all
 */
record LogThreshold(@Nullable Level level) {

  private static final String PREFIX = "org.slf4j.simpleLogger.";

  static LogThreshold of(String logger) {
    String name = logger;
    while (true) {
      String configured = System.getProperty(PREFIX + "log." + name);
      if (configured != null) {
        return read(configured);
      }
      int dot = name.lastIndexOf('.');
      if (dot < 0) {
        return read(System.getProperty(PREFIX + "defaultLogLevel", "info"));
      }
      name = name.substring(0, dot);
    }
  }

  private static LogThreshold read(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.equals("OFF")) {
      return new LogThreshold(null);
    }
    try {
      return new LogThreshold(Level.valueOf(name));
    } catch (IllegalArgumentException e) {
      return new LogThreshold(Level.INFO); // as the simple logger takes it
    }
  }

  boolean admits(Level one) {
    return level != null && one.toInt() >= level.toInt();
  }
}
