package dev.stream.core.upload;

import java.io.IOException;

/** A replica must get nothing now, for what it holds is not of this line. */
public final class HeldBackException extends IOException {

  private static final long serialVersionUID = 1L;

  public HeldBackException(String message) {
    super(message);
  }
}
