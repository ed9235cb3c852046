package dev.stream.core.config;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Remembers what must not be shown while a configuration is read. */
final class Redaction {

  /** Shorter values occur in other words by chance, so that replacing them says what they are. */
  private static final int SHORTEST_REPLACED = 4;

  /** Longest first, so that no rest of one remains after another was replaced. */
  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  private final Map<String, String> secrets = new TreeMap<>(LONGEST_FIRST);
  private final Map<String, String> variables = new TreeMap<>(LONGEST_FIRST);
  private boolean writtenSecrets;
  private final Map<String, String> asWritten = new HashMap<>();

  void remember(String written, EnvExpansion.Expanded expanded, boolean secret) {
    if (secret) {
      writtenSecrets |= !expanded.fromEnvironment() && !expanded.text().isEmpty();
      secret(expanded.text());
      expanded.variables().values().forEach(this::secret);
    } else if (expanded.fromEnvironment()) {
      asWritten.put(expanded.text(), written);
      expanded.variables().forEach((name, value) -> variables.put(value, "${" + name + "}"));
    }
  }

  void secret(String value) {
    if (!value.isEmpty()) {
      secrets.put(value, ConfigDisplay.MASK);
    }
  }

  /** Whether a secret stood in the configuration itself, rather than in the environment. */
  boolean hasWrittenSecrets() {
    return writtenSecrets;
  }

  /** A message without secrets; null if it cannot be told apart from them. */
  @Nullable String message(String message) {
    String text = message;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      if (variable.getKey().length() >= SHORTEST_REPLACED && !isSecret(variable.getKey())) {
        text = text.replace(variable.getKey(), variable.getValue());
      }
    }
    for (String secret : secrets.keySet()) {
      if (text.contains(secret)) {
        if (secret.length() < SHORTEST_REPLACED) {
          return null;
        }
        text = text.replace(secret, ConfigDisplay.MASK);
      }
    }
    return text;
  }

  /** What to show for a text that is no secret itself: as it was written, before expansion. */
  String shown(String text) {
    String written = asWritten.get(text);
    if (written != null) {
      return written;
    }
    String clean = message(text);
    return clean == null ? ConfigDisplay.MASK : clean;
  }

  private boolean isSecret(String value) {
    return secrets.containsKey(value);
  }
}
