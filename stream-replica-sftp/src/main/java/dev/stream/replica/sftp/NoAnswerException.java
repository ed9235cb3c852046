package dev.stream.replica.sftp;

import java.io.IOException;
import java.time.Duration;

/** The server let a request wait for too long; the connection may stand all the same. */
final class NoAnswerException extends IOException {

  private static final long serialVersionUID = 1;

  NoAnswerException(Duration patience) {
    super("no answer from the server for " + patience.toSeconds() + " s");
  }
}
