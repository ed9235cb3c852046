package dev.stream.source.h2;

import org.h2.engine.Constants;
import org.jspecify.annotations.Nullable;

/** Which H2 this JVM runs. */
final class H2Version {

  private H2Version() {}

  /** Such as {@code 2.4.240}. */
  static String text() {
    try {
      // By reflection: the compiler would copy the version that it sees.
      return String.valueOf(Constants.class.getField("VERSION").get(null));
    } catch (ReflectiveOperationException e) {
      return "of unknown version";
    }
  }

  /** What is wrong with a version; null if nothing is known. */
  static @Nullable String warning(String version) {
    return version.equals("2.5.252")
        ? "H2 2.5.252 has a fault: after a kill or a crash it may open the state before the last"
            + " commit, though that is in the file (and in what Stream restores). Use 2.4.240."
        : null;
  }
}
