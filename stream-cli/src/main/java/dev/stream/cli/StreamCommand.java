package dev.stream.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point. */
@Command(name = "stream", mixinStandardHelpOptions = true)
final class StreamCommand {
  private StreamCommand() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new StreamCommand()).execute(args));
  }
}
