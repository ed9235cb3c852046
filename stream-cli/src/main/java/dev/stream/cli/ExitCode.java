package dev.stream.cli;

/** What the process tells its caller; documented in {@code --help}, scripts rely on it. */
final class ExitCode {

  /** Done, and proven where there is something to prove. */
  static final int DONE = 0;

  /** Failed; nothing was harmed. */
  static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was begun. */
  static final int USAGE = 2;

  private ExitCode() {}
}
