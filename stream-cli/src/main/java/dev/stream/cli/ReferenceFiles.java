package dev.stream.cli;

import dev.stream.cli.manual.ManPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Makes the files of the distribution that are made from the same source as {@code --help}: the
 * manual pages, and what bash completes commands and options with. The build runs it.
 */
final class ReferenceFiles {

  static final String COMPLETION = "bash-completion/completions/stream";
  static final String PAGES = "man/man1";

  private ReferenceFiles() {}

  /** Makes them in a folder, for a version of Stream: {@code FOLDER VERSION}. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("give a folder and a version");
    }
    write(Path.of(args[0]), args[1]);
  }

  static void write(Path folder, String version) throws IOException {
    CommandLine whole = StreamCommand.commandLine();
    Path completion = folder.resolve(COMPLETION);
    Files.createDirectories(completion.getParent());
    Files.writeString(completion, AutoComplete.bash("stream", whole), StandardCharsets.UTF_8);
    Path pages = Files.createDirectories(folder.resolve(PAGES));
    page(pages, whole, version);
    for (CommandLine command : whole.getSubcommands().values()) {
      page(pages, command, version);
    }
  }

  private static void page(Path folder, CommandLine command, String version) throws IOException {
    Files.writeString(
        folder.resolve(ManPage.name(command) + ".1"),
        ManPage.of(command, version),
        StandardCharsets.UTF_8);
  }
}
