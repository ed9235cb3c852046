package dev.stream.cli;

import dev.stream.core.config.ConfigException;
import dev.stream.core.config.ConfigProblem;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.restore.RestoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints errors plainly: what failed, and no stack trace unless asked for. */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final boolean json;
  private final boolean verbose;

  ErrorReport(String... args) {
    List<String> all = Arrays.asList(args);
    int rest = all.indexOf(ReplicateCommand.REST);
    all = rest < 0 ? all : all.subList(0, rest);
    this.json = all.contains("--json");
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
    print(line, message.toString(), ExitCode.USAGE, List.of(), help);
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    int exit = exitCode(e);
    List<ConfigProblem> problems =
        e instanceof ConfigException config ? config.problems() : List.of();
    print(line, Errors.message(e), exit, problems, "");
    if (verbose && !(e instanceof CommandFailure)) {
      PrintWriter err = line.getErr();
      e.printStackTrace(err);
      err.flush();
    }
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
      CommandLine line, String message, int exit, List<ConfigProblem> problems, String hint) {
    if (json) {
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("exitCode", exit);
      error.put("message", message);
      List<Map<String, Object>> list = new ArrayList<>();
      for (ConfigProblem problem : problems) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("path", problem.path());
        one.put("problem", problem.toString());
        list.add(one);
      }
      if (!list.isEmpty()) {
        error.put("problems", list);
      }
      line.getOut().println(Json.text(Map.of("error", error)));
      line.getOut().flush();
      return;
    }
    PrintWriter err = line.getErr();
    err.println("stream: " + Plain.text(message));
    if (!hint.isEmpty()) {
      err.println(hint);
    }
    err.flush();
  }

  /** Puts failures in words. */
  static final class Errors {

    private Errors() {}

    static String message(Throwable e) {
      if (e instanceof CommandFailure || e instanceof IOException) {
        String limit = limit(e);
        return limit == null ? described(e) : limit;
      }
      if (e instanceof InterruptedException) {
        return "interrupted";
      }
      String limit = limit(e);
      return limit == null ? "internal error (--verbose shows where): " + e : limit;
    }

    /** A limit of the system that was reached, and what sets it; null if it is something else. */
    private static @Nullable String limit(Throwable e) {
      Throwable cause = e;
      for (int depth = 0; cause != null && depth < 20; depth++) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("Too many open files")) {
          return "this process has as many files open as it may: raise the limit ('ulimit -n', or"
              + " LimitNOFILE of its service) to 1024 or more ("
              + cause
              + ")";
        }
        if (message.contains("unable to create native thread")) {
          return "this process has as many threads as it may: raise the limit ('ulimit -u',"
              + " TasksMax of its service, or the container's limit of processes) to 256 or more ("
              + cause
              + ")";
        }
        if (cause instanceof OutOfMemoryError) {
          return "the JVM is out of memory: give it more, as with STREAM_JAVA_OPTS=-Xmx512m ("
              + cause
              + ")";
        }
        if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
          return "a part of Stream or of Java could not be loaded: the process may open too few"
              + " files ('ulimit -n', or LimitNOFILE of its service; 1024 or more are needed), or"
              + " the installation is not whole ("
              + cause
              + ")";
        }
        cause = cause.getCause();
      }
      return null;
    }

    /** File system exceptions have a path for a message and the reason in their class. */
    private static String described(Throwable e) {
      String message = e.getMessage();
      if (e instanceof java.nio.file.NoSuchFileException) {
        return "there is no " + message;
      }
      if (e instanceof java.nio.file.AccessDeniedException) {
        return "access to " + message + " is denied";
      }
      return message == null ? e.toString() : message;
    }
  }
}
