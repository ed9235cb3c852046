package dev.stream.replica.s3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What was to be stored failed, not the store. */
final class BodyFailure extends IOException {

  private static final long serialVersionUID = 1L;

  BodyFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The failure as an I/O failure passes it on: HTTP clients clean up after no other. */
  static BodyFailure of(Throwable failure) {
    return failure instanceof BodyFailure already
        ? already
        : new BodyFailure("could not be read: " + failure, failure);
  }
}
