package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packages of a module are rooms: each says which question it answers, and what it needs it
 * takes from rooms that do not need it in turn.
 */
final class RoomsIT {

  /** A class and one that it uses, as {@code jdeps} prints them. */
  private static final Pattern USE = Pattern.compile("\\s+(dev\\.stream\\.\\S+)\\s+-> (\\S+)\\s.*");

  private static final Pattern CLASS = Pattern.compile("(?<room>[a-z0-9.]+)\\.[A-Z].*");

  @TempDir private Path folder;

  static Set<String> shipped() throws Exception {
    return Shipped.bom().keySet();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void needsNoRoomThatNeedsIt(String artifact) throws Exception {
    Map<String, Map<String, String>> needs =
        needs(uses(Shipped.jar(artifact, Shipped.bom().get(artifact))));
    assertThat(cycle(needs)).as("a cycle of the packages of " + artifact).isEmpty();
  }

  @Test
  void aCycleIsFound() {
    Map<String, Map<String, String>> needs =
        needs(
            List.of(
                "  dev.stream.a.One    -> dev.stream.b.Two    x.jar",
                "  dev.stream.b.Two    -> dev.stream.c.Three$Inner    x.jar",
                "  dev.stream.b.Two    -> java.lang.Object    java.base",
                "  dev.stream.c.Three    -> dev.stream.a.Four    x.jar",
                "  dev.stream.d.Five    -> dev.stream.a.One    x.jar"));
    assertThat(cycle(needs))
        .containsExactlyInAnyOrder(
            "dev.stream.a.One -> dev.stream.b.Two",
            "dev.stream.b.Two -> dev.stream.c.Three$Inner",
            "dev.stream.c.Three -> dev.stream.a.Four");
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyRoomSaysWhatItIsFor(String artifact) throws Exception {
    Path sources = Shipped.PROJECT.resolve(artifact).resolve("src/main/java");
    List<String> silent = new ArrayList<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path folder : files.filter(Files::isDirectory).toList()) {
        boolean room;
        try (Stream<Path> inside = Files.list(folder)) {
          room =
              inside.anyMatch(
                  file -> file.toString().endsWith(".java") && !file.endsWith("module-info.java"));
        }
        Path says = folder.resolve("package-info.java");
        if (room && (!Files.exists(says) || !Files.readString(says).startsWith("/**"))) {
          silent.add(sources.relativize(folder).toString());
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  private List<String> uses(Path jar) throws IOException {
    Path classes = withoutDescriptor(jar);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(err),
                "--ignore-missing-deps",
                "--multi-release",
                "base",
                "-verbose:class",
                "-filter:none",
                classes.toString());
    assertThat(code).as(err.toString() + out).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).as("what jdeps says of " + jar).anyMatch(line -> USE.matcher(line).matches());
    return lines;
  }

  /** A copy that is no module: of a module jdeps wants to see all that it requires. */
  private Path withoutDescriptor(Path jar) throws IOException {
    Path copy = folder.resolve(jar.getFileName());
    try (JarFile from = new JarFile(jar.toFile());
        JarOutputStream to = new JarOutputStream(Files.newOutputStream(copy))) {
      for (JarEntry entry : from.stream().toList()) {
        if (!entry.getName().equals("module-info.class")) {
          to.putNextEntry(new JarEntry(entry.getName()));
          from.getInputStream(entry).transferTo(to);
          to.closeEntry();
        }
      }
    }
    return copy;
  }

  /** What each room needs, and by which use. */
  private static Map<String, Map<String, String>> needs(List<String> lines) {
    Map<String, Map<String, String>> needs = new TreeMap<>();
    for (String line : lines) {
      Matcher use = USE.matcher(line);
      if (!use.matches()) {
        continue;
      }
      Matcher from = CLASS.matcher(use.group(1));
      Matcher to = CLASS.matcher(use.group(2));
      if (from.matches() && to.matches() && !from.group("room").equals(to.group("room"))) {
        needs
            .computeIfAbsent(from.group("room"), room -> new TreeMap<>())
            .putIfAbsent(to.group("room"), use.group(1) + " -> " + use.group(2));
      }
    }
    return needs;
  }

  /** One use of each step of the cycles; empty if there is none. */
  private static List<String> cycle(Map<String, Map<String, String>> needs) {
    Set<String> left = new TreeSet<>(needs.keySet());
    boolean shrunk = true;
    while (shrunk) { // a room that needs none of those left, or that none of them needs, is in none
      shrunk =
          left.removeIf(
              room ->
                  needs.getOrDefault(room, Map.of()).keySet().stream().noneMatch(left::contains)
                      || left.stream()
                          .noneMatch(
                              other -> needs.getOrDefault(other, Map.of()).containsKey(room)));
    }
    List<String> uses = new ArrayList<>();
    for (String room : left) {
      needs
          .getOrDefault(room, Map.of())
          .forEach(
              (needed, use) -> {
                if (left.contains(needed)) {
                  uses.add(use);
                }
              });
    }
    return uses;
  }
}
