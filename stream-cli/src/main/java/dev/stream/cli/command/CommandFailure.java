package dev.stream.cli.command;

/** Ends a command with a message for people and an exit code. */
public final class CommandFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public static CommandFailure failed(String message) {
    return new CommandFailure(ExitCode.FAILED, message);
  }

  /** With the exit code that a shell would give. */
  public static CommandFailure asShell(int exitCode, String message) {
    return new CommandFailure(exitCode, message);
  }

  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
