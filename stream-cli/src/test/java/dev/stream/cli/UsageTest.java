package dev.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.TerminalEscaping;
import dev.stream.cli.output.ValueFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Help, wrong usage, and how values are shown. */
class UsageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicate",
        "restore",
        "status",
        "list",
        "verify",
        "snapshot",
        "sync",
        "prune",
        "pin",
        "unpin",
        "check",
        "plugins",
        "demo"
      })
  void helpTeachesWithExamples(String command) {
    Invocation help = Invocation.of(command, "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("Usage: stream " + command, "Examples:", "--verbose");
    assertThat(help.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpTellsWhatTheExitCodesMeanAndBreaksNoExample(String command) {
    Invocation help = Invocation.of(command, "--help");
    String codes = help.out().substring(help.out().indexOf("Exit codes:"));
    assertThat(codes).containsPattern("(?m)^ *0 +\\S").containsPattern("(?m)^ *1 +\\S");
    CommandLine line = StreamCommand.commandLine(command).getSubcommands().get(command);
    for (String example : line.getCommandSpec().usageMessage().footer()) {
      assertThat(help.out().lines()).contains(example);
    }
    assertThat(help.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThan(81));
  }

  static Set<String> commands() {
    return StreamCommand.commandLine().getSubcommands().keySet();
  }

  @Test
  void theDocumentSaysOfExitCodesWhatTheHelpSays() throws Exception {
    List<String> rows = new ArrayList<>();
    ExitCode.byCommand()
        .forEach(
            (command, meaning) ->
                rows.add(
                    "| `" + command + "` | " + meaning.done() + " | " + meaning.failed() + " |"));
    String document = Files.readString(Path.of("../docs/CLI.md"));
    String table =
        document.substring(
            document.indexOf("## Exit codes by command"), document.indexOf("2 is wrong usage"));
    assertThat(table.lines().filter(line -> line.startsWith("| `")))
        .containsExactlyElementsOf(rows);
    assertThat(ExitCode.byCommand().keySet()).isEqualTo(commands());
  }

  @Test
  void whatATerminalWouldObeyIsPrintedEscaped() {
    assertThat(TerminalEscaping.text("a\u001b[2Jb\rc\u009bd\u202ee\nf\tü"))
        .isEqualTo("a\\u001b[2Jb\\u000dc\\u009bd\\u202ee\nf\tü");
    StringWriter printed = new StringWriter();
    PrintWriter plain = TerminalEscaping.writer(new PrintWriter(printed));
    plain.printf("replica %s%n", "\u001b]0;x\u0007");
    plain.flush();
    assertThat(printed).hasToString("replica \\u001b]0;x\\u0007\n");
  }

  @Test
  void aLimitThatWasReachedIsNamed() {
    assertThat(ErrorMessage.of(new OutOfMemoryError("unable to create native thread")))
        .contains("as many threads as it may", "ulimit -u");
    assertThat(
            ErrorMessage.of(
                new IllegalStateException(
                    new FileSystemException("x", null, "Too many open files"))))
        .contains("ulimit -n")
        .doesNotContain("internal error");
    assertThat(ErrorMessage.of(new NoClassDefFoundError("java/awt/Color")))
        .contains("this Java lacks a module of the JDK");
    // What a JVM says that cannot open one of its jars.
    assertThat(ErrorMessage.of(new NoClassDefFoundError("com/example/Node")))
        .contains("ulimit -n", "com/example/Node")
        .doesNotContain("internal error");
  }

  @Test
  void theWholeHelpListsEveryVisibleCommandAndTheExitCodes() {
    Invocation help = Invocation.of("--help");
    assertThat(help.out()).contains("replicate", "demo", "Exit codes").doesNotContain("demo-sql");
  }

  @Test
  void aMisspelledCommandIsCorrected() {
    Invocation wrong = Invocation.of("verfy");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("verfy").contains("did you mean verify");
    assertThat(wrong.out()).isEmpty();
  }

  @Test
  void withoutACommandItSaysWhatIsMissing() {
    Invocation nothing = Invocation.of();
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("stream --help");
  }

  @Test
  void wrongUsageIsJsonWhereJsonWasAskedFor() throws Exception {
    Invocation wrong = Invocation.of("list", "--json");
    assertThat(wrong.exit()).isEqualTo(2);
    JsonNode error = Json.mapper().readTree(wrong.out()).path("error");
    assertThat(error.path("exitCode").asInt()).isEqualTo(2);
    assertThat(error.path("message").asText()).contains("--from=DIR");
  }

  @Test
  void valuesReadAsPeopleReadThem() {
    assertThat(ValueFormat.bytes(0)).isEqualTo("0 B");
    assertThat(ValueFormat.bytes(1023)).isEqualTo("1023 B");
    assertThat(ValueFormat.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(ValueFormat.bytes(200L << 30)).isEqualTo("200 GiB");
    assertThat(ValueFormat.duration(Duration.ofMillis(999))).isEqualTo("999 ms");
    assertThat(ValueFormat.duration(Duration.ofMillis(1500))).isEqualTo("1.5 s");
    assertThat(ValueFormat.duration(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
    assertThat(ValueFormat.duration(Duration.ofHours(25))).isEqualTo("25 h 0 min");
    assertThat(ValueFormat.time(Instant.ofEpochMilli(1999))).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(ValueFormat.time(null)).isEqualTo("unknown");
    assertThat(ValueFormat.count(1, "segment")).isEqualTo("1 segment");
    assertThat(ValueFormat.count(1200, "segment")).isEqualTo("1,200 segments");
    assertThat(ValueFormat.range(4, 4)).isEqualTo("4");
  }
}
