package dev.stream.cli;

import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.command.ErrorReport;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.output.CommandVersion;
import dev.stream.cli.output.TerminalEscaping;
import dev.stream.cli.process.NativeLibraries;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The entry point: {@code stream} and its sub-commands. */
@Command(
    name = "stream",
    description = {
      "Replicates a live database, page by page, and restores it with proof.",
      "",
      "Every commit's changed pages go to a local shadow log and from there to one or more"
          + " replicas. A lost database comes back from any of them, byte for byte."
    },
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = CommandVersion.class,
    exitCodeListHeading = "%nExit codes of all commands:%n",
    exitCodeList = {
      "0:done and proven",
      "1:failed; nothing was harmed",
      "2:wrong usage or configuration"
    },
    footerHeading = "%nBegin with:%n",
    footer = {
      "  stream demo                          see it work, from loss to proof",
      "  stream replicate app.db /backups     replicate a SQLite database to a folder",
      "  stream restore --from /backups --output restored.db",
      "",
      "'stream COMMAND --help' explains a command, with examples.",
      "Results go to standard output, logs and progress to standard error."
    })
final class StreamCommand {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Explain, and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version, and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean version;

  private StreamCommand() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      System.out.println(CommandVersion.line()); // without picocli, since scripts ask for it often
      return;
    }
    int exit;
    NativeLibraries.use();
    TerminalEscaping.standardError();
    try {
      exit = commandLine(args).execute(args);
    } catch (Error e) { // Such as a missing jar, of which the JVM would print a stack trace.
      System.err.println("stream: " + ErrorMessage.of(e));
      exit = ExitCode.FAILED;
    }
    System.exit(exit);
  }

  /** The command line. If the arguments name a sub-command, it has that one alone. */
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new StreamCommand());
    String wanted = args.length == 0 ? "" : args[0];
    if (!SubCommands.add(line, wanted)) {
      SubCommands.addAll(line);
    }
    ErrorReport errors = new ErrorReport(args);
    line.setParameterExceptionHandler(errors);
    line.setExecutionExceptionHandler(errors);
    line.setUsageHelpAutoWidth(true);
    line.setUsageHelpLongOptionsMaxWidth(28);
    return line;
  }
}
