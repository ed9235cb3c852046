package dev.stream.it.server;

import dev.stream.it.Shell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process with all that it started, such as the sessions of {@code sshd}. */
final class ProcessTree {

  private static final long SECONDS_TO_DIE = 30;

  private final ProcessHandle root;

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** Stops all of it: whoever is stopped first starts no further ones. */
  Set<ProcessHandle> halt() throws IOException {
    Set<ProcessHandle> halted = new LinkedHashSet<>();
    while (true) {
      List<ProcessHandle> running =
          Stream.concat(Stream.of(root), root.descendants())
              .filter(process -> !halted.contains(process))
              .toList();
      if (running.isEmpty()) {
        return halted;
      }
      signal("STOP", running);
      halted.addAll(running);
    }
  }

  void resume() throws IOException {
    signal("CONT", Stream.concat(Stream.of(root), root.descendants()).toList());
  }

  /** Returns when all of it is gone, and with it what it listened on. */
  void kill() throws IOException {
    Set<ProcessHandle> halted = halt();
    halted.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : halted) {
      process.onExit().orTimeout(SECONDS_TO_DIE, TimeUnit.SECONDS).join();
    }
  }

  private static void signal(String name, List<ProcessHandle> processes) throws IOException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    processes.forEach(process -> command.add(Long.toString(process.pid())));
    // Some may have ended by themselves meanwhile: the exit status tells nothing.
    Shell.run(command.toArray(String[]::new));
  }
}
