package dev.stream.core.read;

import java.io.IOException;

/** Artefacts that are whole, each by itself, but do not belong where they are or together. */
public final class ChainException extends IOException {

  private static final long serialVersionUID = 1L;

  public ChainException(String message) {
    super(message);
  }

  /** Says of artefacts what they are; where that was noticed tells nobody anything. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
