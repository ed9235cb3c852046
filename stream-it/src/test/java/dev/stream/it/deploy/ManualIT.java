package dev.stream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shell;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.server.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manual pages and the completion that come with the distribution. */
final class ManualIT {

  private static final Path SHARE = StreamProcess.distribution().resolve("share");
  private static final Path COMPLETION = SHARE.resolve("bash-completion/completions/stream");

  /** What bash would offer for the last of the words. */
  private static List<String> completed(String... words) throws Exception {
    StringBuilder script = new StringBuilder("source '" + COMPLETION + "'\nCOMP_WORDS=(stream");
    for (String word : words) {
      script.append(" '").append(word).append('\'');
    }
    script.append(")\nCOMP_CWORD=").append(words.length);
    // What complete -F would call, by the name that it was given.
    script.append("\nspec=$(complete -p stream)\n[[ $spec =~ -F\\ ([^ ]+) ]]\n");
    script.append("\"${BASH_REMATCH[1]}\"\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    return Shell.expect("bash", "--norc", "-c", script.toString())
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'sn', snapshot",
    "'re', restore",
    "'restore --if-m', --if-missing",
    "'sync --w', --wait",
    "'replicate --ex', --exec",
    "'list --fr', --from",
  })
  void bashCompletes(String typed, String offered) throws Exception {
    assertThat(completed(typed.split(" "))).contains(offered);
  }

  @Test
  void noOptionThatIsHiddenIsOffered() throws Exception {
    assertThat(completed("replicate", "-")).contains("--config", "--help").doesNotContain("--");
    assertThat(completed("demo")).doesNotContain("demo-sql");
  }

  @Test
  void thereIsAPageForEveryCommand() throws Exception {
    StreamProcess.Result help = StreamProcess.run("--help");
    List<String> commands =
        help.out()
            .substring(help.out().indexOf("Commands:"), help.out().indexOf("Exit codes"))
            .lines()
            .filter(line -> line.matches("  [a-z]+ +\\S.*"))
            .map(line -> line.strip().split(" ", 2)[0])
            .toList();
    assertThat(commands).contains("replicate", "restore", "sync");
    try (Stream<Path> pages = Files.list(SHARE.resolve("man/man1"))) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Stream.of("stream.1"),
                      commands.stream().map(command -> "stream-" + command + ".1"))
                  .toList());
    }
  }

  @Test
  void manShowsThePages() throws Exception {
    String groff = Programs.find("groff").toString();
    try (Stream<Path> pages = Files.list(SHARE.resolve("man/man1"))) {
      for (Path page : pages.toList()) {
        Shell.Result shown =
            Shell.run(groff, "-Kutf8", "-man", "-Tutf8", "-P-cbou", "-ww", page.toString());
        assertThat(shown.exit()).isZero();
        assertThat(shown.output()).contains("NAME", "SYNOPSIS", "OPTIONS").doesNotContain("troff:");
      }
    }
    String restore =
        Shell.expect(
            "groff",
            "-Kutf8",
            "-man",
            "-Tascii",
            "-P-cbou",
            SHARE.resolve("man/man1/stream-restore.1") + "");
    assertThat(restore)
        .contains("--if-missing", "stream restore --from /backups", "EXIT STATUS", "EXAMPLES");
  }
}
