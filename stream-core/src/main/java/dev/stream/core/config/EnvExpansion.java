package dev.stream.core.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Replaces {@code ${NAME}} by an environment variable; a doubled dollar sign prevents it. */
final class EnvExpansion {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}|\\$\\{");

  private final @Nullable Map<String, String> env;

  private EnvExpansion(@Nullable Map<String, String> env) {
    this.env = env;
  }

  static EnvExpansion of(Map<String, String> env) {
    return new EnvExpansion(Map.copyOf(env));
  }

  /** Leaves every text as it is. */
  static EnvExpansion none() {
    return new EnvExpansion(null);
  }

  /**
   * A text after expansion.
   *
   * @param variables what was put in, by name; empty if nothing was
   */
  record Expanded(String text, Map<String, String> variables) {

    boolean fromEnvironment() {
      return !variables.isEmpty();
    }
  }

  /**
   * Expands a text.
   *
   * @throws IllegalArgumentException saying what is wrong; names the variable, never the text
   */
  Expanded expand(String text) {
    if (env == null || !text.contains("${")) {
      return new Expanded(text, Map.of());
    }
    Map<String, String> used = new LinkedHashMap<>();
    StringBuilder expanded = new StringBuilder();
    Matcher reference = REFERENCE.matcher(text);
    while (reference.find()) {
      String name = reference.group(1);
      String replacement = "${";
      if (name != null) {
        String value = env.get(name);
        if (value == null) {
          throw new IllegalArgumentException(
              "the environment variable "
                  + name
                  + " is not set; set it, or write $${ for a plain ${");
        }
        used.put(name, value);
        replacement = value;
      } else if (reference.group().equals("${")) {
        throw new IllegalArgumentException(
            "has \"${\" without a variable's name and \"}\"; write $${ for a plain ${");
      }
      reference.appendReplacement(expanded, Matcher.quoteReplacement(replacement));
    }
    reference.appendTail(expanded);
    return new Expanded(expanded.toString(), used);
  }
}
