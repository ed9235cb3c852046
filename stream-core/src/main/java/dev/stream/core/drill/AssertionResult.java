package dev.stream.core.drill;

import org.jspecify.annotations.Nullable;

/**
 * What a restored database answered to a question.
 *
 * @param question the question, such as a SQL query
 * @param answer the first value of the first row; null if there is none
 * @param error why there is no answer; null if there is
 */
public record AssertionResult(String question, @Nullable String answer, @Nullable String error) {

  /** Whether the answer is true, or a number other than zero. */
  public boolean holds() {
    if (error != null || answer == null) {
      return false;
    }
    String text = answer.strip();
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    try {
      return Double.parseDouble(text) != 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** What is wrong, as a part of a sentence. */
  String problem() {
    return error != null
        ? "an assertion cannot be asked: " + error
        : "the assertion "
            + question
            + " does not hold: the answer is "
            + (answer == null ? "nothing" : '"' + answer + '"')
            + ", which is neither true nor a number other than 0";
  }
}
