package dev.stream.cli.command;

import dev.stream.cli.output.Json;
import dev.stream.cli.output.LogSettings;
import dev.stream.cli.output.TerminalEscaping;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all sub-commands share. */
@Command(
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    footerHeading = "%nExamples:%n")
public abstract class CliCommand implements Callable<Integer> {

  /** The words behind it are the application's command, and none of them is an option of Stream. */
  public static final String END_OF_OPTIONS = "--";

  static final String LOG_FORMAT = "--log-format";
  static final String JSON = "json";
  private static final String TEXT = "text";

  @Spec private @Nullable CommandSpec spec;
  private @Nullable PrintWriter out;
  private @Nullable PrintWriter err;

  @Option(
      names = {"-v", "--verbose"},
      order = 100,
      description = "Log more, and print stack traces.")
  private boolean verbose;

  @Option(
      names = LOG_FORMAT,
      order = 99,
      paramLabel = "FORMAT",
      description = "'text', or 'json' for log lines that are objects.")
  private String logFormat = TEXT;

  @Option(
      names = {"-h", "--help"},
      order = 101,
      usageHelp = true,
      description = "Explain, and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Override
  public final Integer call() throws Exception {
    if (!logFormat.equals(TEXT) && !logFormat.equals(JSON)) {
      throw CommandFailure.usage("--log-format is \"" + TEXT + "\" or \"" + JSON + "\"");
    }
    LogSettings.configure(verbose ? "debug" : logLevel(), logFormat.equals(JSON));
    try {
      return run();
    } finally {
      out().flush();
      err().flush();
    }
  }

  /** Carries out the sub-command; returns the exit code. */
  protected abstract int run() throws Exception;

  /** The least severe messages that are shown without {@code --verbose}. */
  protected String logLevel() {
    return "warn";
  }

  public final PrintWriter out() {
    PrintWriter known = out;
    if (known == null) {
      known = TerminalEscaping.writer(spec().commandLine().getOut());
      out = known;
    }
    return known;
  }

  public final PrintWriter err() {
    PrintWriter known = err;
    if (known == null) {
      known = TerminalEscaping.writer(spec().commandLine().getErr());
      err = known;
    }
    return known;
  }

  /** Prints the one JSON document of a report. */
  public final void print(Map<String, ? extends @Nullable Object> document) {
    Json.print(document, out());
  }

  private CommandSpec spec() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("not called by picocli");
    }
    return known;
  }
}
