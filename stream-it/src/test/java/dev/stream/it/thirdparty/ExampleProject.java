package dev.stream.it.thirdparty;

import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of the example, away from this checkout, and a local Maven repository for it alone: that
 * of the user by links, except that Stream's artifacts are those that this build has just made. So
 * it needs nothing from the network that the build of Stream has not needed, and the user's own
 * artifacts of Stream stay as they are.
 */
final class ExampleProject implements AutoCloseable {

  private static final Path EXAMPLE = Shipped.PROJECT.resolve("examples/third-party-replica");
  private static final List<String> GROUP = List.of("dev", "stream");

  private final Path project;
  private final Path repository;

  private ExampleProject(Path project, Path repository) {
    this.project = project;
    this.repository = repository;
  }

  static ExampleProject copy(Path folder) throws Exception {
    Path project = folder.resolve("third-party-replica");
    try (Stream<Path> files = Files.walk(EXAMPLE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = EXAMPLE.relativize(file);
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
    example.add("stream-api", "stream-api", true);
    example.add("stream-testkit", "stream-testkit", true);
    return example;
  }

  private void linkAllButStream() throws IOException {
    // Surefire and Failsafe tell tests which repository their build uses.
    String used = System.getProperty("localRepository", "");
    Path from =
        used.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".m2", "repository")
            : Path.of(used);
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

  /** What its README says; returns what Maven said. */
  String verify() throws Exception {
    return Shell.expect(
        "mvn",
        "--batch-mode",
        "--no-transfer-progress",
        "--file",
        project.resolve("pom.xml").toString(),
        "-Dmaven.repo.local=" + repository,
        "-Dstream.version=" + Shipped.version("stream-bom"),
        "verify");
  }

  /** What Surefire reports of one of its test classes. */
  String report(String testClass) throws IOException {
    return Files.readString(
        project.resolve("target/surefire-reports").resolve("TEST-" + testClass + ".xml"));
  }

  Path jar() {
    return project.resolve("target/stream-replica-webdav-1.0.0.jar");
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
