package dev.stream.it.versions;

import dev.stream.it.cli.StreamProcess;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kept plug-in of somebody else: its jar, and its source to be built, also with changes. */
final class LegacyPlugin {

  static final Path RELEASES =
      StreamProcess.distribution().resolve("../../../stream-it/releases").normalize();
  static final Path API = RELEASES.resolve("stream-api-0.1.0.jar");
  static final Path JAR = RELEASES.resolve("legacy-replica-1.0.jar");

  private static final Path SOURCE = RELEASES.resolve("legacy-replica");

  private final Path folder;
  private final Map<String, String> sources = new TreeMap<>();
  private final Map<String, String> manifest = new TreeMap<>();
  private @Nullable Path otherApi;

  private LegacyPlugin(Path folder) {
    this.folder = folder;
  }

  /** Its source as it is kept; work is done in the folder. */
  static LegacyPlugin source(Path folder) throws IOException {
    LegacyPlugin plugin = new LegacyPlugin(Files.createTempDirectory(folder, "legacy"));
    try (Stream<Path> files = Files.walk(SOURCE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        plugin.sources.put(SOURCE.relativize(file).toString(), Files.readString(file));
      }
    }
    plugin.manifest.put("Implementation-Version", "1.0");
    plugin.manifest.put("Stream-Spi-Version", "1");
    return plugin;
  }

  LegacyPlugin attribute(String name, String value) {
    manifest.put(name, value);
    return this;
  }

  /** Changes a class of the plug-in. */
  LegacyPlugin change(String name, String from, String to) {
    String file = "org/example/legacy/" + name + ".java";
    String text = sources.get(file);
    if (text == null || !text.contains(from)) {
      throw new AssertionError(file + " has no " + from);
    }
    sources.put(file, text.replace(from, to));
    return this;
  }

  /** Compiles against an API in which one class is another. */
  LegacyPlugin againstApiWith(String className, String text) throws IOException {
    Path other = Files.createDirectory(folder.resolve("api"));
    Path file = other.resolve(className.replace('.', '/') + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    run("javac", List.of("-proc:none", "-cp", API.toString(), "-d", other + "", file + ""));
    Files.delete(file);
    otherApi = other;
    return this;
  }

  Path jar(String name) throws IOException {
    Path work = Files.createDirectory(folder.resolve("source"));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>(List.of("--release", "17", "-proc:none"));
    arguments.addAll(List.of("--module-path", API + File.pathSeparator + jspecify()));
    if (otherApi != null) {
      arguments.addAll(List.of("--patch-module", "dev.stream.api=" + otherApi));
    }
    arguments.addAll(List.of("-d", classes.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source.getValue()).toString());
    }
    run("javac", arguments);
    Path service = classes.resolve("META-INF/services/dev.stream.api.replica.ReplicaProvider");
    Files.createDirectories(service.getParent());
    Files.writeString(service, "org.example.legacy.LegacyReplicaProvider\n");
    Path attributes =
        Files.writeString(
            folder.resolve("manifest"),
            manifest.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
                .collect(Collectors.joining()));
    Path jar = folder.resolve(name);
    run(
        "jar",
        List.of(
            "--create",
            "--file",
            jar + "",
            "--manifest",
            attributes + "",
            "-C",
            classes + "",
            "."));
    return jar;
  }

  private static String jspecify() {
    return Path.of(Nullable.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .toString();
  }

  private static void run(String tool, List<String> arguments) {
    StringWriter messages = new StringWriter();
    PrintWriter printer = new PrintWriter(messages);
    if (ToolProvider.findFirst(tool)
            .orElseThrow()
            .run(printer, printer, arguments.toArray(String[]::new))
        != 0) {
      throw new AssertionError(messages.toString());
    }
  }
}
