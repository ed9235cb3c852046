package dev.stream.it.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.cli.StreamProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code benchmarks/compare} with tiny sizes: it measures, proves what is restored, and reports.
 */
final class CompareIT {

  private static final String BEGIN =
      "<!-- compare: from here to its end mark written by benchmarks/compare -->";
  private static final String END = "<!-- compare: end -->";

  @TempDir private Path folder;

  private Shell.Result compare(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Shipped.PROJECT.resolve("benchmarks/compare").toString(),
                "--smoke",
                "--scratch",
                folder.toString()));
    command.addAll(List.of(arguments));
    return Shell.run(command.toArray(String[]::new));
  }

  private static String stream() {
    return StreamProcess.distribution().resolve("bin/stream").toString();
  }

  @Test
  void measuresAndWritesWhatLiesBetweenItsMarks() throws Exception {
    Path raw = folder.resolve("raw.jsonl");
    Path document = folder.resolve("document.md");
    Files.writeString(
        document, "by hand, before\n" + BEGIN + "\nold\n" + END + "\nby hand, after\n");
    Shell.Result result =
        compare(
            "--tool",
            "Stream=" + stream(),
            "--raw",
            raw.toString(),
            "--document",
            document.toString());
    assertThat(result.exit()).as(result.output()).isZero();

    assertThat(Files.readAllLines(raw))
        .as("a line for each run")
        .hasSize(6)
        .anyMatch(line -> line.contains("\"load\": \"lag10ms\"") && line.contains("\"p99_ms\""))
        .anyMatch(line -> line.contains("\"kind\": \"alone\""))
        .anyMatch(line -> line.contains("\"kind\": \"limits\"") && line.contains("unzstd_seconds"));
    assertThat(Files.readString(document))
        .startsWith("by hand, before\n" + BEGIN)
        .endsWith(END + "\nby hand, after\n")
        .doesNotContain("old\n")
        .contains("sync interval 10 ms: p99, ms", "Litestream missing", "not measured");
    for (String picture : List.of("commands", "lag", "writers", "restore")) {
      Path file = folder.resolve("performance-" + picture + ".svg");
      assertThat(Files.readString(document)).contains("(" + file.getFileName() + ")");
      String root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement()
              .getTagName();
      assertThat(root).isEqualTo("svg");
    }
  }

  @Test
  void aRestoreThatIsNotTheDatabaseEndsIt() throws Exception {
    Path broken = folder.resolve("broken");
    Files.writeString(
        broken,
        """
        #!/usr/bin/env bash
        [[ $1 == restore ]] || exec '%1$s' "$@"
        '%1$s' "$@" && sqlite3 "${@: -1}" 'DELETE FROM t WHERE id = 2'
        """
            .formatted(stream()));
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    Shell.Result result = compare("--loads", "commands", "--tool", "Stream=" + broken);
    assertThat(result.exit()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains("what Stream restored differs from the database");
  }
}
