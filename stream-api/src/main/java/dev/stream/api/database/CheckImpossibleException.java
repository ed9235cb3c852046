package dev.stream.api.database;

import java.io.IOException;

/**
 * A database could not be looked over on this machine, for lack of something that is needed to do
 * so, such as a native library. It says nothing about the file.
 */
public final class CheckImpossibleException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * What is lacking, and what to do about it.
   *
   * @param message a sentence without its full stop
   */
  public CheckImpossibleException(String message, Throwable cause) {
    super(message, cause);
  }
}
