package dev.stream.cli.command;

/** Ends a command with a message for people and an exit code. */
public final class CommandFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command failed, with exit code 1. */
  public static CommandFailure failed(String message) {
    return new CommandFailure(ExitCode.FAILED, message);
  }

  /** The command failed with the exit code that a shell would end with. */
  public static CommandFailure asShell(int exitCode, String message) {
    return new CommandFailure(exitCode, message);
  }

  /** The command line or the configuration is wrong, with exit code 2. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
