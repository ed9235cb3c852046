package dev.stream.cli;

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
abstract class CliCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;
  private @Nullable PrintWriter out;
  private @Nullable PrintWriter err;

  @Option(
      names = {"-v", "--verbose"},
      order = 100,
      description = "Log more, and print stack traces.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      order = 101,
      usageHelp = true,
      description = "Explain, and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Override
  public final Integer call() throws Exception {
    Logs.configure(verbose ? "debug" : logLevel());
    try {
      return run();
    } finally {
      out().flush();
      err().flush();
    }
  }

  /** Does it; returns the exit code. */
  abstract int run() throws Exception;

  /** The least severe messages that are shown without {@code --verbose}. */
  String logLevel() {
    return "warn";
  }

  final PrintWriter out() {
    PrintWriter known = out;
    if (known == null) {
      known = Plain.writer(spec().commandLine().getOut());
      out = known;
    }
    return known;
  }

  final PrintWriter err() {
    PrintWriter known = err;
    if (known == null) {
      known = Plain.writer(spec().commandLine().getErr());
      err = known;
    }
    return known;
  }

  /** Prints the one JSON document of a report. */
  final void print(Map<String, ? extends @Nullable Object> document) {
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
