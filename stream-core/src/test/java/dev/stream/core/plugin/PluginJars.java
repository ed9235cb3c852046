package dev.stream.core.plugin;

import dev.stream.api.replica.ReplicaProvider;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** Compiles plug-ins and packs them, each into a jar of its own. */
final class PluginJars {

  private static final String SERVICE = ReplicaProvider.class.getName();

  private final Path folder;
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Manifest manifest = new Manifest();
  private final List<String> services = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  PluginJars(Path folder) {
    this.folder = folder;
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
  }

  /** A provider of a type, in the package before the last dot, with an exported settings record. */
  PluginJars provider(String className, String type) {
    return provider(className, type, "");
  }

  PluginJars provider(String className, String type, String constructor) {
    int dot = className.lastIndexOf('.');
    String name = className.substring(dot + 1);
    return source(
            className,
            """
            package %s;
            import dev.stream.api.replica.*;
            public class %s implements ReplicaProvider<%s.Settings> {
              public record Settings(String where) {}
              public %s() { %s }
              public String type() { return "%s"; }
              public Class<Settings> configType() { return Settings.class; }
              public Replica open(Settings s) { throw new UnsupportedOperationException(); }
            }
            """
                .formatted(className.substring(0, dot), name, name, name, constructor, type))
        .service(className);
  }

  PluginJars source(String className, String text) {
    sources.put(className.replace('.', '/') + ".java", text);
    return this;
  }

  PluginJars service(String line) {
    services.add(line);
    return this;
  }

  PluginJars attribute(String name, String value) {
    manifest.getMainAttributes().put(new Attributes.Name(name), value);
    return this;
  }

  /** Packs everything but this class. */
  PluginJars leaveOut(String className) {
    left.add(className.replace('.', '/') + ".class");
    return this;
  }

  Path jar(String fileName) throws IOException {
    Path work = Files.createTempDirectory(folder, "classes");
    compile(work);
    if (!services.isEmpty()) {
      Path file = work.resolve("META-INF/services/" + SERVICE);
      Files.createDirectories(file.getParent());
      Files.write(file, services);
    }
    Path jar = folder.resolve(fileName);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out, manifest);
        Stream<Path> files = Files.walk(work)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String entry = work.relativize(file).toString().replace('\\', '/');
        if (!entry.endsWith(".java") && !left.contains(entry)) {
          packed.putNextEntry(new ZipEntry(entry));
          Files.copy(file, packed);
          packed.closeEntry();
        }
      }
    }
    return jar;
  }

  private void compile(Path work) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    if (files.isEmpty()) {
      return;
    }
    String path = home(ReplicaProvider.class) + File.pathSeparator + home(Nullable.class);
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", work.toString()));
    arguments.add(sources.containsKey("module-info.java") ? "--module-path" : "--class-path");
    arguments.add(path);
    files.forEach(file -> arguments.add(file.toString()));
    StringWriter messages = new StringWriter();
    PrintWriter printer = new PrintWriter(messages);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (javac.run(printer, printer, arguments.toArray(String[]::new)) != 0) {
      throw new AssertionError(messages.toString());
    }
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
