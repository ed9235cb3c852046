package dev.stream.core.state;

import dev.stream.api.replica.ObjectKey;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A state that has a name, and that retention keeps.
 *
 * @param name its name, of the form that {@link #isName} tells
 * @param generation the generation of the state
 * @param txId the transaction of the state
 * @param key where the pin is
 * @param storedAt when it was stored, by the store's clock
 */
public record PinDescriptor(
    String name, GenerationId generation, long txId, ObjectKey key, Instant storedAt) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** Validates name and transaction. */
  public PinDescriptor {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a pin's name is 1 to 63 letters, digits, '.', '_' and '-', a letter or digit first: '"
              + name
              + "'");
    }
    if (txId < 0) {
      throw new IllegalArgumentException("pin at transaction " + txId);
    }
  }

  /**
   * Whether a text can be a pin's name: 1 to 63 letters, digits, dots, underscores and dashes, of
   * which the first is a letter or a digit.
   */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
