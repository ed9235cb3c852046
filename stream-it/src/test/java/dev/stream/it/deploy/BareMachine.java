package dev.stream.it.deploy;

import dev.stream.it.cli.StreamProcess;
import dev.stream.it.server.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An environment with nothing but what the launcher needs: no variable that this process has, and
 * of programs those alone.
 */
final class BareMachine {

  private static final List<String> PROGRAMS = List.of("bash", "mkdir", "mv", "rm", "wc");

  private final List<String> prefix;

  private BareMachine(List<String> prefix) {
    this.prefix = prefix;
  }

  /**
   * Makes one.
   *
   * @param folder for its programs
   * @param variables what is set all the same
   */
  static BareMachine in(Path folder, Map<String, String> variables) throws Exception {
    for (String program : PROGRAMS) {
      Path link = folder.resolve(program);
      if (Files.notExists(link)) {
        Files.createSymbolicLink(link, Programs.find(program));
      }
    }
    List<String> prefix = new ArrayList<>(List.of("env", "-i", "PATH=" + folder));
    variables.forEach((name, value) -> prefix.add(name + "=" + value));
    return new BareMachine(prefix);
  }

  StreamProcess start(Path launcher, String... args) throws Exception {
    return StreamProcess.start(prefix, Map.of(), launcher, args);
  }

  StreamProcess.Result run(Path launcher, String... args) throws Exception {
    try (StreamProcess process = start(launcher, args)) {
      return process.await();
    }
  }
}
