package dev.stream.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** A sub-command that reports something, to people or as JSON. */
abstract class ReportCommand extends CliCommand {

  @Option(
      names = "--json",
      order = 99,
      description = "Print one JSON document instead of text; errors too.")
  boolean json;

  /** Made one by one while they are printed: a replica may hold a hundred thousand of them. */
  static <T> Iterable<Map<String, Object>> each(
      List<T> items, Function<T, Map<String, Object>> tree) {
    return () -> items.stream().map(tree).iterator();
  }
}
