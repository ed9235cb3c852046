package dev.stream.core.config;

import java.io.IOException;
import java.util.List;

/**
 * A configuration that is not used, with everything that is wrong in it. Nothing has been opened or
 * changed. Shows no secret, and has no cause that might.
 */
public final class ConfigException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  ConfigException(String source, List<ConfigProblem> problems) {
    super(message(source, problems));
    this.problems = List.copyOf(problems);
  }

  ConfigException(String source, String path, String problem) {
    this(source, List.of(new ConfigProblem(path, problem)));
  }

  /** The path of the first problem; empty if it concerns the whole document. */
  public String path() {
    return problems.isEmpty() ? "" : problems.get(0).path();
  }

  /** Everything that is wrong; at least one problem. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  private static String message(String source, List<ConfigProblem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("no problem");
    }
    String prefix = source.isEmpty() ? "" : source + ": ";
    if (problems.size() == 1) {
      return prefix + problems.get(0);
    }
    StringBuilder text = new StringBuilder(prefix + problems.size() + " problems");
    problems.forEach(problem -> text.append("\n  ").append(problem));
    return text.toString();
  }
}
