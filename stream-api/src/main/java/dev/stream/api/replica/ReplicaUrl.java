package dev.stream.api.replica;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A URL that names a replica, taken apart by Stream. Its parts are without percent signs; {@code
 * ${NAME}} in them stands for an environment variable, is put in later, and is to be passed on as
 * it is. Immutable.
 *
 * @param scheme what the URL begins with, in lower case: one of {@link ReplicaUrls#schemes()}
 * @param user what stands before {@code @}; null if nothing does. Never holds a password, for which
 *     Stream refuses a URL
 * @param authority what stands between {@code ://} and the path, without the user: a host, a host
 *     and a port, a bucket; may be empty
 * @param path the rest up to the query: empty, or with a slash at its start
 * @param keys the configuration keys that the query sets; Stream adds them to what {@link
 *     ReplicaUrls#settings} returns
 */
public record ReplicaUrl(
    String scheme, @Nullable String user, String authority, String path, Set<String> keys) {

  private static final int HIGHEST_PORT = 65_535;

  /** Keeps a copy of the keys. */
  public ReplicaUrl {
    keys = Set.copyOf(keys);
  }

  /**
   * The host of an authority {@code HOST} or {@code HOST:PORT}; an address of IPv6 without its
   * brackets.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String host() {
    String text = authority.substring(0, endOfHost());
    String host =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (host.isBlank()) {
      throw new IllegalArgumentException("no server stands between \"://\" and the path");
    }
    return host;
  }

  /**
   * The port of an authority {@code HOST:PORT}; null if it has none.
   *
   * @throws IllegalArgumentException if what stands there is no port; the message does not quote
   *     it, for it may be a part of a password
   */
  public @Nullable String port() {
    String rest = authority.substring(endOfHost());
    if (rest.isEmpty() || rest.contains("${")) {
      return rest.isEmpty() ? null : rest.substring(1);
    }
    String port = rest.substring(1);
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "what follows the server's colon is no port; it must be from 1 to " + HIGHEST_PORT);
    }
    return port;
  }

  /** The path without the slashes at its start and end. */
  public String trimmedPath() {
    return path.replaceFirst("^/+", "").replaceFirst("/+$", "");
  }

  private int endOfHost() {
    int bracket = authority.startsWith("[") ? authority.indexOf(']') : 0;
    int colon = authority.indexOf(':', Math.max(0, bracket));
    return colon < 0 ? authority.length() : colon;
  }
}
