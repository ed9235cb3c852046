package dev.stream.core.replicate;

import java.io.IOException;

/** A replica must get nothing now, for what it holds is not of this line. */
final class HeldBackException extends IOException {

  private static final long serialVersionUID = 1L;

  HeldBackException(String message) {
    super(message);
  }
}
