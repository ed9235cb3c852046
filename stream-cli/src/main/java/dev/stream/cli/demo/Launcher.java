package dev.stream.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts another {@code stream} process in the way this one was started. */
final class Launcher {

  private static final String MAIN_CLASS = "dev.stream.cli.StreamCommand";

  private Launcher() {}

  static List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    String script = System.getProperty("stream.launcher");
    if (script != null) {
      command.add(script);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      String modules = System.getProperty("jdk.module.path");
      if (modules != null) {
        command.addAll(List.of("--module-path", modules, "--add-modules", "ALL-MODULE-PATH"));
        command.addAll(List.of("--module", "dev.stream.cli/" + MAIN_CLASS));
      } else {
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(MAIN_CLASS);
      }
    }
    command.addAll(List.of(args));
    return command;
  }
}
