package dev.stream.core.config;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong, so that one run tells it all. */
final class ProblemCollector {

  private final List<ConfigProblem> found = new ArrayList<>();

  void add(String path, String problem) {
    found.add(new ConfigProblem(path, problem));
  }

  int count() {
    return found.size();
  }

  void throwIfAny(String source) throws ConfigException {
    if (!found.isEmpty()) {
      throw new ConfigException(source, found);
    }
  }
}
