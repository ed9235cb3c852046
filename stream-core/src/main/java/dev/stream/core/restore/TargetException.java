package dev.stream.core.restore;

import java.io.IOException;

/** The file that is being restored cannot be written or read: no other replica would help. */
final class TargetException extends IOException {

  private static final long serialVersionUID = 1L;

  TargetException(String message, Throwable cause) {
    super(message, cause);
  }
}
