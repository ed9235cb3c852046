package dev.stream.it;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Programs in Go that are built where they are tested; Go's cache makes that quick. */
public final class GoProgram {

  private static final Map<Path, Path> BUILT = new HashMap<>();

  private GoProgram() {}

  /**
   * The program of a module.
   *
   * @param module the folder with its {@code go.mod}, from the folder of the whole build
   */
  public static synchronized Path of(String module) throws IOException {
    Path folder = root().resolve(module);
    Path program = BUILT.get(folder);
    if (program == null) {
      program = Path.of("target", "go", folder.getFileName().toString()).toAbsolutePath();
      run(folder, "build", "-o", program.toString(), ".");
      BUILT.put(folder, program);
    }
    return program;
  }

  /** Runs {@code go} in a folder, which must succeed; returns what it said. */
  public static String run(Path folder, String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = go().toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new AssertionError(Arrays.toString(command) + " in " + folder + " failed:\n" + said);
    }
    return said;
  }

  /** The folder of the whole build. */
  public static Path root() {
    return Stream.of(Path.of(""), Path.of(".."))
        .map(Path::toAbsolutePath)
        .map(Path::normalize)
        .filter(folder -> Files.isDirectory(folder.resolve("stream-bom")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("not within the build"));
  }

  private static Path go() {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    List<Path> made = List.of(caches.resolve("stream-test/go/bin"), Path.of("/usr/local/go/bin"));
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of);
    return Stream.concat(made.stream(), path)
        .map(folder -> folder.resolve("go"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "no Go on this machine, which the tests with bbolt need: run"
                        + " stream-it/images/build --program go, which downloads it, or install Go"
                        + " 1.21 or newer; ./verify does the former"));
  }
}
