package dev.stream.cli.command;

import dev.stream.cli.output.JsonObject;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** A sub-command that reports something, to people or as JSON. */
public abstract class ReportCommand extends CliCommand {

  /** Whether one JSON document is printed, and nothing else. */
  @Option(
      names = "--json",
      order = 99,
      description = "Print one JSON document instead of text; errors too.")
  protected boolean json;

  /** The objects are made one by one while they are printed: there may be a hundred thousand. */
  protected static <T> Iterable<JsonObject> each(List<T> items, Function<T, JsonObject> object) {
    return () -> items.stream().map(object).iterator();
  }

  /** Prints a line of the text; nothing if JSON was asked for. */
  public final void line(String text) {
    if (!json) {
      out().println(text);
    }
  }

  /** Prints an error on standard error; nothing if JSON was asked for, whose document has it. */
  public final void problem(String text) {
    if (!json) {
      err().println("stream: " + text);
    }
  }
}
