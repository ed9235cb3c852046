package dev.stream.core.config;

/**
 * One fault in a configuration. Shows no secret.
 *
 * @param path the key, such as {@code replicas[1].bucket}; empty for the whole document
 * @param problem what is wrong, and what to do about it
 */
public record ConfigProblem(String path, String problem) {

  @Override
  public String toString() {
    return path.isEmpty() ? problem : path + ": " + problem;
  }
}
