package dev.stream.replica.sftp;

import com.hierynomus.sshj.transport.verification.KnownHostMatchers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a {@code known_hosts} file: plain, hashed and wildcard names, {@code [host]:port},
 * {@code @revoked}. Certificate authorities are passed over.
 */
final class KnownHosts {

  /** What the file says of a key. */
  enum Verdict {
    KNOWN,
    /** Nothing is known of the host, or nothing about keys of this type. */
    UNKNOWN,
    /** Another key of this type is known. */
    CHANGED,
    REVOKED
  }

  private record HostEntry(boolean revoked, List<String> patterns, String keyType, String key) {}

  private final List<HostEntry> lines = new ArrayList<>();

  KnownHosts(List<String> text) {
    for (String each : text) {
      HostEntry line = parse(each.strip());
      if (line != null) {
        lines.add(line);
      }
    }
  }

  private static @Nullable HostEntry parse(String text) {
    if (text.isEmpty() || text.startsWith("#")) {
      return null;
    }
    List<String> words = List.of(text.split("\\s+", -1));
    int first = words.get(0).startsWith("@") ? 1 : 0;
    if (words.size() < first + 3 || (first == 1 && !words.get(0).equals("@revoked"))) {
      return null;
    }
    return new HostEntry(
        first == 1,
        List.of(words.get(first).split(",", -1)),
        words.get(first + 1),
        words.get(first + 2));
  }

  /**
   * Looks a key up.
   *
   * @param server the name or address, or {@code [name]:port} unless the port is 22
   * @param key the key in SSH's own form, in base 64
   */
  Verdict check(String server, String keyType, String key) {
    Verdict verdict = Verdict.UNKNOWN;
    for (HostEntry line : lines) {
      if (!line.keyType().equals(keyType) || !matches(line.patterns(), server)) {
        continue;
      }
      if (line.key().equals(key)) {
        if (line.revoked()) {
          return Verdict.REVOKED;
        }
        verdict = Verdict.KNOWN;
      } else if (!line.revoked() && verdict == Verdict.UNKNOWN) {
        verdict = Verdict.CHANGED;
      }
    }
    return verdict;
  }

  /** The types of the keys known of a server. */
  Set<String> keyTypes(String server) {
    Set<String> types = new LinkedHashSet<>();
    for (HostEntry line : lines) {
      if (!line.revoked() && matches(line.patterns(), server)) {
        types.add(line.keyType());
      }
    }
    return types;
  }

  /** A pattern with an exclamation mark excludes, whatever the others say. */
  private static boolean matches(List<String> patterns, String server) {
    String name = server.toLowerCase(Locale.ROOT);
    boolean found = false;
    for (String pattern : patterns) {
      if (pattern.startsWith("!")) {
        if (matchesOne(pattern.substring(1), name)) {
          return false;
        }
      } else {
        found |= matchesOne(pattern, name);
      }
    }
    return found;
  }

  /** Whether a name, or a hash of it, fits; a pattern that cannot be read fits nothing. */
  private static boolean matchesOne(String pattern, String name) {
    boolean hashed = pattern.startsWith("|");
    try {
      String normal = hashed ? pattern : pattern.toLowerCase(Locale.ROOT);
      return KnownHostMatchers.createMatcher(normal).match(name);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
