package dev.stream.cli;

import picocli.CommandLine.Option;

/** A sub-command that reports something, to people or as JSON. */
abstract class ReportCommand extends CliCommand {

  @Option(
      names = "--json",
      order = 99,
      description = "Print one JSON document instead of text; errors too.")
  boolean json;
}
