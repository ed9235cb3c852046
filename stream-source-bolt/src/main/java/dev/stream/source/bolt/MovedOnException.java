package dev.stream.source.bolt;

import java.io.IOException;

/** Another transaction was committed while the file was read: what was read proves nothing. */
final class MovedOnException extends IOException {

  private static final long serialVersionUID = 1L;

  MovedOnException(String message) {
    super(message);
  }
}
