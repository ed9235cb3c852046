package dev.stream.cli.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Prints each line as a JSON object. Thread-safe. */
final class JsonLogger extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;

  private final transient LogThreshold threshold;

  JsonLogger(String name, LogThreshold threshold) {
    this.name = name;
    this.threshold = threshold;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    String message = MessageFormatter.basicArrayFormat(pattern, arguments);
    System.err.println(JsonLine.of(level.name(), name, String.valueOf(message), failure));
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return threshold.admits(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return threshold.admits(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return threshold.admits(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return threshold.admits(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return threshold.admits(Level.ERROR);
  }
}
