package dev.stream.source.bolt;

import java.io.IOException;

/** What serves the socket beside a database speaks another language than Stream. */
final class OtherProgramException extends IOException {

  private static final long serialVersionUID = 1L;

  OtherProgramException(String message) {
    super(message);
  }
}
