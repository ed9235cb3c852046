package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The codec {@code upside}, which can do nothing, as somebody else might publish it. */
public final class UpsidePlugin {

  private static final String PROVIDER = "org.example.Upside";

  private UpsidePlugin() {}

  /** Writes its jar into a folder, as an automatic module. */
  static Path jar(Path folder) throws Exception {
    return jar(folder, List.of());
  }

  /**
   * Writes its jar into a folder, as the module {@code org.example}.
   *
   * @param module a module of the JDK that it requires
   */
  public static Path jarRequiring(Path folder, String module) throws Exception {
    String declaration =
        "module org.example { requires dev.stream.api; requires %s; provides %s with %s; }";
    String service = "dev.stream.api.codec.CodecProvider";
    return jar(folder, List.of(declaration.formatted(module, service, PROVIDER)));
  }

  private static Path jar(Path folder, List<String> declaration) throws Exception {
    Path sources = Files.createTempDirectory("stream-it-plugin-");
    List<String> javac = new ArrayList<>(List.of("-proc:none", "-d", sources.toString()));
    Path api = StreamProcess.distribution().resolve("lib");
    try (Stream<Path> jars = Files.list(api)) {
      String path = jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
      javac.addAll(List.of(declaration.isEmpty() ? "--class-path" : "--module-path", path));
    }
    for (String module : declaration) {
      javac.add(Files.writeString(sources.resolve("module-info.java"), module).toString());
    }
    Path source =
        Files.writeString(
            sources.resolve("Upside.java"),
            """
            package org.example;
            public class Upside implements dev.stream.api.codec.CodecProvider {
              public String name() { return "upside"; }
              public dev.stream.api.codec.Codec create(dev.stream.api.codec.CodecSettings s) {
                throw new IllegalArgumentException("level is none of mine");
              }
            }
            """);
    javac.add(source.toString());
    int exit =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, javac.toArray(String[]::new));
    assertThat(exit).as("javac %s", javac).isZero();
    Path jar = folder.resolve("upside-1.2.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (String entry : Arrays.asList("module-info.class", "org/example/Upside.class")) {
        if (Files.exists(sources.resolve(entry))) {
          put(entries, entry, Files.readAllBytes(sources.resolve(entry)));
        }
      }
      put(
          entries,
          "META-INF/services/dev.stream.api.codec.CodecProvider",
          PROVIDER.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static void put(JarOutputStream jar, String entry, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(entry));
    jar.write(content);
  }
}
