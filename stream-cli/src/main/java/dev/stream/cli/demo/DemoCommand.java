package dev.stream.cli.demo;

import dev.stream.cli.command.CliCommand;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.process.FolderRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stream demo}. */
@Command(
    name = "demo",
    description = {
      "Shows what Stream does, with a database of its own: another process writes a SQLite"
          + " database while Stream replicates it to a folder; then the database is deleted,"
          + " restored, and proven equal, byte for byte.",
      "",
      "Takes some ten seconds, needs nothing but Java, and leaves nothing behind. Ends with 0"
          + " only if equality is proven."
    },
    footer = {
      "  stream demo",
      "  stream demo --seconds 30",
      "  stream demo --folder /tmp/stream-demo --keep     to look around afterwards"
    })
public final class DemoCommand extends CliCommand {

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description =
          "The folder to use, which must be new or empty; a temporary one if it is not given.")
  private @Nullable Path folder;

  @Option(names = "--keep", description = "Keep the folder.")
  private boolean keep;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long the writer writes; 4 if it is not given.")
  private int seconds = 4;

  @Override
  protected int run() throws Exception {
    if (seconds < 1 || seconds > 3600) {
      throw CommandFailure.usage("--seconds " + seconds + ": give 1 to 3600");
    }
    Path place = place();
    boolean proven = false;
    try {
      proven = new DemoRun(place, seconds, keep, out()).run();
    } finally {
      if (!keep && proven) {
        FolderRemoval.remove(place);
      } else if (!proven) {
        err().println("stream: " + place + " is kept, so that it can be looked into");
      }
    }
    return proven ? ExitCode.DONE : ExitCode.FAILED;
  }

  private Path place() throws IOException, CommandFailure {
    if (folder == null) {
      return Files.createTempDirectory("stream-demo-");
    }
    if (Files.exists(folder)) {
      if (!Files.isDirectory(folder)) {
        throw CommandFailure.usage("--folder " + folder + " is not a folder");
      }
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw CommandFailure.usage(
              "--folder " + folder + " is not empty; the demo wants a folder to itself");
        }
      }
    }
    return Files.createDirectories(folder.toAbsolutePath());
  }
}
