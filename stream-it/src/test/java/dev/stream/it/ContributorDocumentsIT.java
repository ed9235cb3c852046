package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.config.StreamConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What documents for contributors name exists: classes, rooms, files and each other. */
final class ContributorDocumentsIT {

  private static final Path CORE =
      Shipped.PROJECT.resolve("stream-core/src/main/java/dev/stream/core");
  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");

  /** A type, perhaps with a member or a plural's s outside of the quotation. */
  private static final Pattern TYPE =
      Pattern.compile("([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(\\..*)?");

  /** A file of a room of the core. */
  private static final Pattern ROOM_FILE = Pattern.compile("[a-z]+/[A-Z]\\w*\\.java");

  private static final Pattern DECLARED =
      Pattern.compile("^[^*/\n]*\\b(?:class|enum|interface|record) ([A-Z]\\w*)", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

  /** Types of the JDK and of libraries. */
  private static final Set<String> FOREIGN =
      Set.of(
          "Clock",
          "Compact",
          "Date",
          "Error",
          "FilePath",
          "IOException",
          "Impl",
          "MinioAsyncClient",
          "Nullable",
          "ServiceLoader");

  private static final Set<String> TYPES = new HashSet<>();

  static List<Path> documents() throws IOException {
    try (Stream<Path> decisions = Files.list(Shipped.PROJECT.resolve("docs/decisions"))) {
      return Stream.concat(
              Stream.of(
                  Shipped.PROJECT.resolve("CONTRIBUTING.md"),
                  Shipped.PROJECT.resolve("docs/ARCHITECTURE.md")),
              decisions.sorted())
          .toList();
    }
  }

  @BeforeAll
  static void find() throws IOException {
    Files.walkFileTree(
        Shipped.PROJECT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return name.equals("target") || name.startsWith(".")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".java")) {
              DECLARED
                  .matcher(Files.readString(file))
                  .results()
                  .forEach(type -> TYPES.add(type.group(1)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(TYPES).contains("StreamController", "ContributorDocumentsIT");
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyTypeThatIsNamedExists(Path document) throws IOException {
    List<String> missing = new ArrayList<>();
    for (MatchResult quoted : QUOTED.matcher(Files.readString(document)).results().toList()) {
      String name = quoted.group(1);
      if (ROOM_FILE.matcher(name).matches()) {
        if (!Files.exists(CORE.resolve(name))) {
          missing.add(name);
        }
        continue;
      }
      var type = TYPE.matcher(name);
      if (type.matches() && !name.endsWith(".md")) {
        String simple = type.group(1);
        if (!TYPES.contains(simple) && !FOREIGN.contains(simple)) {
          missing.add(name);
        }
      }
    }
    assertThat(missing).as("named in " + document + ", but not there").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsSomewhere(Path document) throws IOException {
    List<String> broken =
        LINK.matcher(Files.readString(document))
            .results()
            .map(link -> link.group(1))
            .filter(link -> !Files.exists(document.resolveSibling(link)))
            .toList();
    assertThat(broken).as("links of " + document).isEmpty();
  }

  @Test
  void everyRoomOfTheCoreIsInTheTableOfRooms() throws IOException {
    String text = Files.readString(Shipped.PROJECT.resolve("docs/ARCHITECTURE.md"));
    String table = text.substring(text.indexOf("## The rooms of core"));
    table = table.substring(0, table.indexOf("\n## ", 1));
    Set<String> told = new TreeSet<>();
    for (String row : table.lines().filter(line -> line.startsWith("| ")).toList()) {
      QUOTED.matcher(row).results().forEach(room -> told.add(room.group(1)));
    }
    Set<String> rooms = new TreeSet<>();
    try (Stream<Path> folders = Files.list(CORE)) {
      folders.filter(Files::isDirectory).forEach(room -> rooms.add(room.getFileName().toString()));
    }
    assertThat(told).isEqualTo(rooms);
  }

  @Test
  void everyKeyOfTheConfigurationHasARowInTheReadme() throws IOException {
    String readme = Files.readString(Shipped.PROJECT.resolve("README.md"));
    for (RecordComponent key : StreamConfig.class.getRecordComponents()) {
      assertThat(readme).contains("\n| `" + key.getName() + "` | ");
    }
  }

  @Test
  void everyDecisionIsInTheIndex() throws IOException {
    Path index = Shipped.PROJECT.resolve("docs/decisions/README.md");
    List<String> listed =
        LINK.matcher(Files.readString(index)).results().map(link -> link.group(1)).toList();
    List<String> records =
        documents().stream()
            .filter(file -> file.getParent().endsWith("decisions") && !file.equals(index))
            .map(file -> file.getFileName().toString())
            .toList();
    assertThat(listed).isEqualTo(records);
  }
}
