package dev.stream.it.server;

/** This machine cannot run a server: its message says what to install or to run. */
public final class ServerMissingException extends Exception {

  private static final long serialVersionUID = 1;

  ServerMissingException(String message) {
    super(message);
  }

  ServerMissingException(String message, Throwable cause) {
    super(message, cause);
  }
}
