package dev.stream.source.sqlite;

/** Continuity cannot be proven: commits may be missing, so capture starts anew from an image. */
final class PositionLostException extends Exception {

  private static final long serialVersionUID = 1L;

  PositionLostException(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
