package dev.stream.it.versions;

import dev.stream.it.cli.StreamProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The distribution with a plug-in added, as a command.
 *
 * @param prefix what precedes the launcher
 * @param launcher a script, or a main class
 */
public record Installation(List<String> prefix, Path launcher) {

  /** In the folder {@code plugins}, as people install one. */
  public static Installation onModulePath(Path folder, Path... jars) throws IOException {
    Path home = Files.createTempDirectory(folder, "stream");
    Path launcher = Files.createDirectory(home.resolve("bin")).resolve("stream");
    Files.copy(StreamProcess.distribution().resolve("bin/stream"), launcher);
    if (!launcher.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + launcher + " executable");
    }
    Files.createSymbolicLink(home.resolve("lib"), StreamProcess.distribution().resolve("lib"));
    Path plugins = Files.createDirectory(home.resolve("plugins"));
    for (Path jar : jars) {
      Files.copy(jar, plugins.resolve(jar.getFileName().toString()));
    }
    return new Installation(List.of(), launcher);
  }

  /** On the class path, as applications have it. */
  public static Installation onClassPath(Path... jars) {
    StringBuilder path = new StringBuilder(StreamProcess.distribution().resolve("lib") + "/*");
    for (Path jar : jars) {
      path.append(File.pathSeparator).append(jar);
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new Installation(
        List.of(java, "-cp", path.toString()), Path.of("dev.stream.cli.StreamCommand"));
  }

  public StreamProcess start(String... args) throws IOException {
    return start(Map.of(), args);
  }

  /** Starts it with further variables in its environment. */
  public StreamProcess start(Map<String, String> environment, String... args) throws IOException {
    return StreamProcess.start(prefix, environment, launcher, args);
  }

  public StreamProcess.Result run(String... args) throws Exception {
    try (StreamProcess process = start(args)) {
      return process.await();
    }
  }
}
