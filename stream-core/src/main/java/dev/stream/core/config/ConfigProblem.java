package dev.stream.core.config;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One fault in a configuration. Shows no secret.
 *
 * @param path the key, such as {@code replicas[1].bucket}; empty for the whole document
 * @param problem what is wrong, and what to do about it
 */
public record ConfigProblem(String path, String problem) {

  private static final Pattern KEY_FIRST =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9]*(?:\\.[A-Za-z][A-Za-z0-9]*)*):?(?:\\s+|$)(.*)", Pattern.DOTALL);

  /** A problem whose message may start with one of the keys, which then belongs to the path. */
  static ConfigProblem of(String path, String message, Collection<String> keys) {
    Matcher first = KEY_FIRST.matcher(message);
    return first.matches() && keys.contains(first.group(1).split("\\.", 2)[0])
        ? new ConfigProblem(ConfigDisplay.path(path, first.group(1)), first.group(2))
        : new ConfigProblem(path, message);
  }

  @Override
  public String toString() {
    return path.isEmpty() ? problem : path + ": " + problem;
  }
}
