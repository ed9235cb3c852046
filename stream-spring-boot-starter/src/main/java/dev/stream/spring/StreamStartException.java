package dev.stream.spring;

import dev.stream.core.config.ConfigException;
import java.io.IOException;

/**
 * Why an application does not start with its database replicated. The database is as it was. Spring
 * Boot prints the message and what to do, without a stack trace.
 */
public final class StreamStartException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String action;

  StreamStartException(String message, String action) {
    super(message);
    this.action = action;
  }

  private StreamStartException(IOException cause, String action) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    this.action = action;
  }

  static StreamStartException of(IOException cause) {
    return new StreamStartException(
        cause,
        cause instanceof ConfigException
            ? "Correct the configuration of Stream; docs/SPRING.md lists the properties."
            : "Remove the cause and start again. stream.enabled=false starts the application without"
                + " replication: commits are then not backed up, and a missing database is not"
                + " restored.");
  }

  /** What to do, in sentences. */
  public String action() {
    return action;
  }
}
