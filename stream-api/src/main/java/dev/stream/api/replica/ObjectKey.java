package dev.stream.api.replica;

/**
 * The name of an object: parts of {@code [A-Za-z0-9._-]}, separated by single slashes, no part
 * {@code .} or {@code ..}, no part longer than 255 characters, at most 512 in all. Such names are
 * valid in the usual file systems and object stores.
 *
 * @param value the whole name, such as {@code 0193…/segments/0/0000000000000002-0000000000000009}
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {

  private static final int MAX_LENGTH = 512;
  private static final int MAX_PART = 255;

  /** Validates the name. */
  public ObjectKey {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "object key must have 1 to " + MAX_LENGTH + " characters: '" + value + "'");
    }
    if (!isOfParts(value)) {
      throw new IllegalArgumentException("object key has an invalid part: '" + value + "'");
    }
  }

  /** Whether a text can be a key. What else a store holds is somebody else's. */
  public static boolean isValid(String text) {
    return !text.isEmpty() && text.length() <= MAX_LENGTH && isOfParts(text);
  }

  private static boolean isOfParts(String value) {
    // No pattern: keys are made by the hundred thousand where a replica is listed.
    int begin = 0;
    for (int at = 0; at <= value.length(); at++) {
      if (at == value.length() || value.charAt(at) == '/') {
        if (!isPart(value, begin, at)) {
          return false;
        }
        begin = at + 1;
      }
    }
    return true;
  }

  private static boolean isPart(String value, int begin, int end) {
    int length = end - begin;
    if (length == 0 || length > MAX_PART) {
      return false;
    }
    boolean dots = length <= 2 && value.charAt(begin) == '.' && value.charAt(end - 1) == '.';
    if (dots) {
      return false;
    }
    for (int at = begin; at < end; at++) {
      if (!isAllowed(value.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= '0' && letter <= '9')
        || (letter >= 'A' && letter <= 'Z')
        || letter == '.'
        || letter == '_'
        || letter == '-';
  }

  /** Orders keys by their characters, which for these characters is also the order of bytes. */
  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
