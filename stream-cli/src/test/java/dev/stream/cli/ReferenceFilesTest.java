package dev.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages and the completion are made from what {@code --help} is made from. */
class ReferenceFilesTest {

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    ReferenceFiles.main(new String[] {folder.toString(), "1.2.3"});
  }

  static Set<String> commands() {
    return StreamCommand.commandLine().getSubcommands().keySet();
  }

  private String page(String name) throws Exception {
    return Files.readString(folder.resolve(ReferenceFiles.PAGES).resolve(name + ".1"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aPageHasEveryOptionTheExitCodesAndTheExamples(String command) throws Exception {
    String page = page("stream-" + command);
    CommandSpec spec = StreamCommand.commandLine().getSubcommands().get(command).getCommandSpec();
    for (OptionSpec option : spec.options()) {
      String name = option.longestName().replace("-", "\\-");
      if (option.hidden()) {
        assertThat(page).doesNotContain(".B \"" + name + "\"");
      } else {
        assertThat(page).containsPattern("(?m)^\\.B \".*" + name.replace("\\", "\\\\"));
      }
    }
    assertThat(page).contains(".SH \"EXIT STATUS\"", ".SH \"EXAMPLES\"", "Stream 1.2.3");
    assertThat(Arrays.stream(spec.usageMessage().footer()).toList()).isNotEmpty();
    assertThat(page.lines().filter(line -> line.startsWith("'"))).isEmpty();
  }

  @Test
  void theWholePageNamesEveryCommand() throws Exception {
    for (String command : commands()) {
      assertThat(page("stream")).contains("stream\\-" + command + "(1)");
    }
  }

  @Test
  void theFilesAreTheSameAtEveryBuild() throws Exception {
    String before = Files.readString(folder.resolve(ReferenceFiles.COMPLETION));
    String page = page("stream-restore");
    write();
    assertThat(Files.readString(folder.resolve(ReferenceFiles.COMPLETION))).isEqualTo(before);
    assertThat(page("stream-restore")).isEqualTo(page);
  }
}
