package dev.stream.cli.log;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log: an object with {@code time}, {@code level}, {@code logger}, {@code message}.
 */
public final class JsonLine {

  private JsonLine() {}

  /**
   * The line, without its end.
   *
   * @param failure becomes {@code stackTrace}; null for none
   */
  public static String of(
      String level, String logger, String message, @Nullable Throwable failure) {
    StringBuilder line = new StringBuilder();
    line.append("{\"time\":\"").append(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    text("\",\"level\":\"", level, line);
    text("\",\"logger\":\"", logger, line);
    text("\",\"message\":\"", message, line);
    if (failure != null) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      text("\",\"stackTrace\":\"", trace.toString(), line);
    }
    return line.append("\"}").toString();
  }

  private static void text(String before, String text, StringBuilder line) {
    line.append(before);
    JsonStringEncoder.getInstance().quoteAsString(text, line);
  }
}
