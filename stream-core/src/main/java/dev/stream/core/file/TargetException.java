package dev.stream.core.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The file that is being restored cannot be written or read: no other replica would help. */
public final class TargetException extends IOException {

  private static final long serialVersionUID = 1L;

  public TargetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
