package dev.stream.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of an example, away from this checkout, and a local Maven repository for it alone: that of
 * the user by links, except that Stream's artifacts are those that this build has just made. What
 * Maven has to fetch for the example is there the next time, and the user's own artifacts of Stream
 * stay as they are.
 */
public final class ExampleProject implements AutoCloseable {

  private static final List<String> GROUP = List.of("dev", "stream");

  /** Of the groups that examples use and Stream does not: a folder can be linked to once it is. */
  private static final List<String> FETCHED = List.of("ch", "tools");

  private final Path project;
  private final Path repository;

  private ExampleProject(Path project, Path repository) {
    this.project = project;
    this.repository = repository;
  }

  /**
   * Copies an example.
   *
   * @param name its folder below {@code examples}
   * @param folder where to copy it to
   * @param jars those of Stream's artifacts that it uses
   */
  public static ExampleProject copy(String name, Path folder, String... jars) throws Exception {
    Path origin = Shipped.PROJECT.resolve("examples").resolve(name);
    Path project = folder.resolve(name);
    try (Stream<Path> files = Files.walk(origin)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = origin.relativize(file);
        if (!relative.startsWith("target")) {
          Files.createDirectories(project.resolve(relative).getParent());
          Files.copy(file, project.resolve(relative));
        }
      }
    }
    ExampleProject example = new ExampleProject(project, folder.resolve("repository"));
    example.linkAllButStream();
    example.add("stream-parent", ".", false);
    example.add("stream-bom", "stream-bom", false);
    for (String jar : jars) {
      example.add(jar, jar, true);
    }
    return example;
  }

  private void linkAllButStream() throws IOException {
    // Surefire and Failsafe tell tests which repository their build uses.
    String used = System.getProperty("localRepository", "");
    Path from =
        used.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".m2", "repository")
            : Path.of(used);
    for (String fetched : FETCHED) {
      Files.createDirectories(from.resolve(fetched));
    }
    Path to = repository;
    for (String part : GROUP) {
      Files.createDirectories(to);
      if (Files.isDirectory(from)) {
        try (Stream<Path> entries = Files.list(from)) {
          for (Path entry : entries.toList()) {
            if (!entry.getFileName().toString().equals(part)) {
              Files.createSymbolicLink(to.resolve(entry.getFileName()), entry.toRealPath());
            }
          }
        }
      }
      from = from.resolve(part);
      to = to.resolve(part);
    }
  }

  private void add(String artifact, String module, boolean jar) throws Exception {
    String version = Shipped.version(module);
    Path folder = repository;
    for (String part : GROUP) {
      folder = folder.resolve(part);
    }
    folder = Files.createDirectories(folder.resolve(artifact).resolve(version));
    String name = artifact + "-" + version;
    Files.copy(Shipped.PROJECT.resolve(module).resolve("pom.xml"), folder.resolve(name + ".pom"));
    if (jar) {
      Files.copy(Shipped.jar(artifact, version), folder.resolve(name + ".jar"));
    }
  }

  /** Runs {@code mvn verify}, as its README says; returns what Maven said. */
  public String verify() throws Exception {
    return maven("verify");
  }

  /** Runs Maven with goals or options; returns what it said. */
  public String maven(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "mvn",
                "--batch-mode",
                "--no-transfer-progress",
                "--file",
                project.resolve("pom.xml").toString(),
                "-Dmaven.repo.local=" + repository,
                "-Dstream.version=" + Shipped.version("stream-bom")));
    command.addAll(List.of(arguments));
    return Shell.expect(command.toArray(String[]::new));
  }

  /** One of its files, by its path within the example. */
  public Path file(String path) {
    return project.resolve(path);
  }

  /** Takes the links away, so that what removes the copy cannot follow them. */
  @Override
  public void close() throws IOException {
    Path folder = repository;
    for (String part : GROUP) {
      try (Stream<Path> entries = Files.list(folder)) {
        for (Path link : entries.filter(Files::isSymbolicLink).toList()) {
          Files.delete(link);
        }
      }
      folder = folder.resolve(part);
    }
  }
}
