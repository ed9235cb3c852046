package dev.stream.cli.command;

import dev.stream.cli.log.JsonLine;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.TerminalEscaping;
import dev.stream.core.config.ConfigException;
import dev.stream.core.config.ConfigProblem;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.restore.RestoreException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints what failed, and a stack trace only if {@code --verbose} asks for it. */
public final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final boolean json;
  private final boolean verbose;
  private final boolean jsonLog;

  public ErrorReport(String... args) {
    List<String> all = Arrays.asList(args);
    int rest = all.indexOf(CliCommand.END_OF_OPTIONS);
    all = rest < 0 ? all : all.subList(0, rest);
    this.json = all.contains("--json");
    int format = all.indexOf(CliCommand.LOG_FORMAT);
    this.jsonLog =
        all.contains(CliCommand.LOG_FORMAT + "=" + CliCommand.JSON)
            || (format >= 0 && all.subList(format, all.size()).indexOf(CliCommand.JSON) == 1);
    this.verbose = all.contains("--verbose") || all.contains("-v");
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    StringBuilder message =
        new StringBuilder(String.valueOf(e.getMessage()).replaceFirst("^Error: ", ""));
    List<String> suggestions =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.<String>of();
    if (!suggestions.isEmpty()) {
      message.append("; did you mean ").append(String.join(" or ", suggestions)).append('?');
    }
    String help = "See '" + line.getCommandSpec().qualifiedName() + " --help'.";
    print(line, message.toString(), ExitCode.USAGE, List.of(), help, null);
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    int exit = exitCode(e);
    List<ConfigProblem> problems =
        e instanceof ConfigException config ? config.problems() : List.of();
    boolean traced = verbose && !(e instanceof CommandFailure);
    print(line, ErrorMessage.of(e), exit, problems, "", traced ? e : null);
    return exit;
  }

  static int exitCode(Throwable e) {
    if (e instanceof CommandFailure failure) {
      return failure.exitCode();
    }
    if (e instanceof ConfigException || e instanceof PluginException) {
      return ExitCode.USAGE;
    }
    if (e instanceof RestoreException restore && restore.reason().isUsage()) {
      return ExitCode.USAGE;
    }
    return ExitCode.FAILED;
  }

  private void print(
      CommandLine line,
      String message,
      int exit,
      List<ConfigProblem> problems,
      String hint,
      @Nullable Exception traced) {
    if (json) {
      JsonObject error = new JsonObject().with("exitCode", exit).with("message", message);
      if (!problems.isEmpty()) {
        error.put("problems", problems.stream().map(ErrorReport::document).toList());
      }
      line.getOut().println(Json.text(new JsonObject().with("error", error)));
      line.getOut().flush();
      trace(line.getErr(), traced);
      return;
    }
    PrintWriter err = line.getErr();
    if (jsonLog) {
      err.println(JsonLine.of("ERROR", "stream", message, traced));
      err.flush();
      return;
    }
    err.println("stream: " + TerminalEscaping.text(message));
    if (!hint.isEmpty()) {
      err.println(hint);
    }
    trace(err, traced);
    err.flush();
  }

  private static void trace(PrintWriter err, @Nullable Exception traced) {
    if (traced != null) {
      traced.printStackTrace(err);
      err.flush();
    }
  }

  private static JsonObject document(ConfigProblem problem) {
    return new JsonObject().with("path", problem.path()).with("problem", problem.toString());
  }
}
