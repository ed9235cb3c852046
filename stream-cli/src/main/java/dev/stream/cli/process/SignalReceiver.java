package dev.stream.cli.process;

/** What the signals of this process are passed on to, before they stop the command itself. */
public interface SignalReceiver {

  /**
   * Passes a signal on.
   *
   * @param signal its name without SIG
   * @return whether the receiver runs, so that it is the one to end first
   */
  boolean pass(String signal);

  /** Ends the receiver and what it has started, at once. */
  void kill();
}
