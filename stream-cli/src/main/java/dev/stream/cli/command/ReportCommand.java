package dev.stream.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A sub-command that reports something, to people or as JSON. */
public abstract class ReportCommand extends CliCommand {

  @Option(
      names = "--json",
      order = 99,
      description = "Print one JSON document instead of text; errors too.")
  public boolean json;

  /** Made one by one while they are printed: a replica may hold a hundred thousand of them. */
  protected static <T> Iterable<Map<String, Object>> each(
      List<T> items, Function<T, Map<String, Object>> tree) {
    return () -> items.stream().map(tree).iterator();
  }

  /** A replica cannot be listed: says so, in its entry or on standard error too. */
  protected final void cannotBeListed(
      String name, Map<String, @Nullable Object> entry, IOException failure) {
    String problem = FailureText.of(failure);
    entry.put("error", problem);
    if (!json) {
      err().println("stream: replica " + name + " cannot be listed: " + problem);
    }
  }
}
