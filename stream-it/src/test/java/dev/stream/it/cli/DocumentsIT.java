package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents show is what there is: code, commands and their options. */
final class DocumentsIT {

  /** Lines that an excerpt may have otherwise than the code that it is from. */
  private static final Pattern PASSED_OVER = Pattern.compile("|(package|import) .*|/?\\*.*");

  private static final Pattern CUT = Pattern.compile("^\\s*…\\s*$", Pattern.MULTILINE);
  private static final Pattern COMMAND = Pattern.compile("(?:\\S*/)?stream +([a-z]+)\\b.*");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

  @TempDir private Path folder;

  @Test
  void excerptsStandInTheCode() throws Exception {
    List<String> code = code();
    for (Document document : Document.in("docs")) {
      for (Document.Block block : document.blocks()) {
        boolean excerpt = block.language().equals("java") || block.language().equals("xml");
        if (excerpt && !isWhole(document, block)) {
          for (String part : CUT.split(block.text(), -1)) {
            assertThat(code)
                .as(document.path() + ": " + part)
                .anyMatch(file -> part.isBlank() || file.contains(plain(part)));
          }
        }
      }
    }
  }

  /** What is compiled or run below instead. */
  private static boolean isWhole(Document document, Document.Block block) {
    return (document.path().endsWith("CODECS.md") && block.text().startsWith("module "))
        || (document.path().endsWith("CLI.md") && block.text().contains("H2Stream.register"));
  }

  /** Every source of the project and every POM, without what excerpts may have otherwise. */
  private static List<String> code() throws IOException {
    List<String> code = new ArrayList<>();
    Files.walkFileTree(
        Shipped.PROJECT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return name.equals("target") || (name.startsWith(".") && name.length() > 1)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".java") || file.toString().endsWith(".xml")) {
              code.add(plain(Files.readString(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return code;
  }

  private static String plain(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !PASSED_OVER.matcher(line).matches())
        .collect(Collectors.joining("\n", "\n", "\n"));
  }

  @Test
  void theCodecOfTheGuideCompilesAsAModule() throws Exception {
    Document guide = Document.of("docs/CODECS.md");
    Path sources = Files.createDirectory(folder.resolve("codec"));
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
            "-d",
            folder.resolve("classes").toString(),
            "--module-path",
            StreamProcess.distribution().resolve("lib").toString()));
    Map<String, String> files =
        Map.of(
            "DeflateCodecProvider.java", "class DeflateCodecProvider ",
            "DeflateCodec.java", "class DeflateCodec ",
            "module-info.java", "module org.example.stream.deflate");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path source = sources.resolve(file.getKey());
      Files.writeString(source, guide.blocks("java", file.getValue()).get(0));
      command.add(source.toString());
    }
    Shell.expect(command.toArray(String[]::new));
    assertThat(folder.resolve("classes/module-info.class")).exists();
  }

  @Test
  void theProgramWithH2OfTheCommandLinePageRuns() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path database = data.resolve("app.mv.db");
    Path config = folder.resolve("stream.json");
    Files.writeString(
        config,
        """
        {"database": {"type": "h2", "path": "%s"}, "shadowDir": "%s",
         "replicas": [{"type": "file", "path": "%s"}]}
        """
            .formatted(database, folder.resolve("shadow"), folder.resolve("backups")));
    String program =
        Document.of("docs/CLI.md")
            .blocks("java", "H2Stream.register")
            .get(0)
            .replace("/data", data.toString());
    Path source = folder.resolve("App.java");
    Files.writeString(
        source,
        """
        import dev.stream.core.Observer;
        import dev.stream.core.config.StreamConfig;
        import dev.stream.core.plugin.PluginRegistry;
        import dev.stream.source.h2.*;
        import java.nio.file.Path;
        import java.sql.*;
        public class App {
          public static void main(String[] args) throws Exception {
        %s
            c.createStatement().execute("CREATE TABLE t AS SELECT 1 AS x");
            c.close();
          }
        }
        """
            .formatted(program));
    String java = System.getProperty("java.home") + "/bin/java";
    String libraries = StreamProcess.distribution().resolve("lib") + "/*";
    String script = "cd -- '%s' && '%s' -cp '%s' '%s'".formatted(folder, java, libraries, source);
    Shell.expect("bash", "-c", script);
    Path restored = folder.resolve("restored.mv.db");
    StreamProcess.Result result =
        StreamProcess.run(
            "restore", "--config", config.toString(), "--output", restored.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(Files.mismatch(restored, database)).isEqualTo(-1);
  }

  @Test
  void commandsAndOptionsAreThoseThatThereAre() throws Exception {
    List<Document> documents = new ArrayList<>(Document.in("docs"));
    documents.add(Document.of("README.md"));
    Map<String, String> help = new TreeMap<>();
    int options = 0;
    for (Document document : documents) {
      List<String> shown = new ArrayList<>(document.spans());
      document.blocks().stream()
          .filter(block -> block.language().equals("sh"))
          .flatMap(block -> block.text().replace("\\\n", "").lines())
          .forEach(shown::add);
      for (String one : shown) {
        Matcher command = COMMAND.matcher(one);
        if (command.matches()) {
          String explained = help(command.group(1), help);
          for (Matcher option = OPTION.matcher(one); option.find(); options++) {
            assertThat(explained).as(document.path() + ": " + one).contains(option.group());
          }
        }
      }
    }
    assertThat(help).hasSizeGreaterThan(10);
    assertThat(options).isGreaterThan(30);
  }

  private static String help(String command, Map<String, String> known) throws Exception {
    String help = known.get(command);
    if (help == null) {
      StreamProcess.Result result = StreamProcess.run(command, "--help");
      assertThat(result.exit()).as(command + ": " + result.err()).isZero();
      help = result.out();
      known.put(command, help);
    }
    return help;
  }
}
