package dev.stream.core.retry;

/** Puts a failure into words for a sentence that goes on before or after it. */
public final class FailureText {

  private FailureText() {}

  /** The message of a failure; the name of its class if it has none. Never empty. */
  public static String of(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
