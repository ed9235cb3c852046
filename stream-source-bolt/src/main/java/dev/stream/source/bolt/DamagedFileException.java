package dev.stream.source.bolt;

import java.io.IOException;

/**
 * What was read makes up no bolt database. If the file changed meanwhile that says nothing; else
 * the file is damaged.
 */
final class DamagedFileException extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedFileException(String message) {
    super(message);
  }
}
