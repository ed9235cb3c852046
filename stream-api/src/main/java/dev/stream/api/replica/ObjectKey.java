package dev.stream.api.replica;

import java.util.regex.Pattern;

/**
 * The name of an object: parts of {@code [A-Za-z0-9._-]}, separated by single slashes, no part
 * {@code .} or {@code ..}, no part longer than 255 characters, at most 512 in all. Such names are
 * valid in the usual file systems and object stores.
 *
 * @param value the whole name, such as {@code 0193…/segments/0/0000000000000002-0000000000000009}
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {

  private static final int MAX_LENGTH = 512;
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{1,255}");

  /** Validates the name. */
  public ObjectKey {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "object key must have 1 to " + MAX_LENGTH + " characters: '" + value + "'");
    }
    for (String part : value.split("/", -1)) {
      if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("object key has an invalid part: '" + value + "'");
      }
    }
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
