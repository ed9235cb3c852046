package dev.stream.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads single values. Every method reports what is wrong and then returns null. */
final class ValueReader {

  private final EnvExpansion env;
  private final ProblemCollector problems;
  private final Redaction redaction;

  ValueReader(EnvExpansion env, ProblemCollector problems, Redaction redaction) {
    this.env = env;
    this.problems = problems;
    this.redaction = redaction;
  }

  /** A text that is being read. */
  private record Text(String value, String path, boolean showable) {

    /** The value, if it may be shown. */
    String quoted() {
      return showable ? ConfigDisplay.quoted(value) + " " : "";
    }
  }

  /** Reads a value of a type without parameters; a type that is not supported is reported. */
  @Nullable Object read(JsonNode node, Class<?> type, String path, boolean secret) {
    if (type == int.class || type == Integer.class) {
      Long number = integer(node, path, secret, Integer.MIN_VALUE, Integer.MAX_VALUE);
      return number == null ? null : number.intValue();
    }
    if (type == long.class || type == Long.class) {
      return integer(node, path, secret, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == boolean.class || type == Boolean.class) {
      return flag(node, path, secret);
    }
    if (type == ByteSize.class && node.isNumber()) {
      Long bytes = integer(node, path, secret, 0, Long.MAX_VALUE);
      return bytes == null ? null : new ByteSize(bytes);
    }
    Text text = text(node, path, secret, expected(type));
    if (text == null) {
      return null;
    }
    if (type == String.class) {
      return text.value();
    }
    if (type == Duration.class) {
      return parse(text, () -> Durations.parse(text.value()));
    }
    if (type == ByteSize.class) {
      return parse(text, () -> ByteSize.parse(text.value()));
    }
    if (type == Path.class) {
      return parse(text, () -> file(text.value()));
    }
    if (type == Instant.class) {
      return parse(text, () -> instant(text.value()));
    }
    if (type.isEnum()) {
      return constant(text, type);
    }
    problems.add(
        path,
        "cannot be set: the plug-in's key has the type "
            + type.getName()
            + ", which a configuration cannot hold; tell the plug-in's author");
    return null;
  }

  /** Reads a text and expands it. */
  @Nullable String text(JsonNode node, String path) {
    Text text = text(node, path, false, "a text");
    return text == null ? null : text.value();
  }

  private static String expected(Class<?> type) {
    if (type == Duration.class) {
      return "a duration as text, " + Durations.EXAMPLES;
    }
    if (type == ByteSize.class) {
      return "a size, " + ByteSize.EXAMPLES;
    }
    if (type == Path.class) {
      return "a path as text";
    }
    if (type == Instant.class) {
      return "a time as text, such as \"2026-01-31T12:00:00Z\"";
    }
    return "a text";
  }

  private @Nullable Text text(JsonNode node, String path, boolean secret, String expected) {
    if (!node.isTextual()) {
      mismatch(node, path, expected);
      return null;
    }
    EnvExpansion.Expanded expanded;
    try {
      expanded = env.expand(node.textValue());
    } catch (IllegalArgumentException e) {
      problems.add(path, String.valueOf(e.getMessage()));
      return null;
    }
    redaction.remember(node.textValue(), expanded, secret);
    return new Text(expanded.text(), path, !secret && !expanded.fromEnvironment());
  }

  private @Nullable Long integer(
      JsonNode node, String path, boolean secret, long least, long most) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      if (secret) {
        redaction.secret(node.asText());
      }
      return inRange(node.longValue(), path, least, most);
    }
    if (node.isNumber()) {
      problems.add(path, "must be a whole number from " + least + " to " + most);
      return null;
    }
    if (!refersToEnvironment(node)) {
      mismatch(node, path, "a number");
      return null;
    }
    Text text = text(node, path, secret, "a number");
    if (text == null) {
      return null;
    }
    try {
      return inRange(Long.parseLong(text.value().trim()), path, least, most);
    } catch (NumberFormatException e) {
      problems.add(path, "must be a whole number; what the environment has is not");
      return null;
    }
  }

  private @Nullable Long inRange(long number, String path, long least, long most) {
    if (number < least || number > most) {
      problems.add(path, "must be from " + least + " to " + most);
      return null;
    }
    return number;
  }

  private @Nullable Boolean flag(JsonNode node, String path, boolean secret) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (!refersToEnvironment(node)) {
      mismatch(node, path, "true or false");
      return null;
    }
    Text text = text(node, path, secret, "true or false");
    if (text == null) {
      return null;
    }
    return switch (text.value().trim()) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> {
        problems.add(path, "must be true or false; what the environment has is neither");
        yield null;
      }
    };
  }

  /** Only through the environment may a number or a flag come as text: there is no other way. */
  private static boolean refersToEnvironment(JsonNode node) {
    return node.isTextual() && node.textValue().contains("${");
  }

  private void mismatch(JsonNode node, String path, String expected) {
    problems.add(path, "is " + ConfigDisplay.kind(node) + "; it must be " + expected);
  }

  private @Nullable Object parse(Text text, java.util.function.Supplier<Object> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      problems.add(text.path(), text.quoted() + e.getMessage());
      return null;
    }
  }

  private static Path file(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is empty; it must be a path");
    }
    if (text.equals("~") || text.startsWith("~/")) {
      throw new IllegalArgumentException("starts with ~, which only shells know; write ${HOME}");
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "is not a path on this system, where names are in "
              + System.getProperty("sun.jnu.encoding")
              + "; for letters that it lacks set LC_ALL=C.UTF-8 before Java starts");
    }
    String problem = WorkingDirectory.problem(path);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    return path;
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is not a time, such as \"2026-01-31T12:00:00Z\"");
    }
  }

  private @Nullable Object constant(Text text, Class<?> type) {
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(ConfigDisplay.enumName((Enum<?>) constant), constant);
    }
    Object constant = constants.get(text.value());
    if (constant == null) {
      problems.add(
          text.path(),
          text.quoted()
              + "is not valid"
              + (text.showable()
                  ? ConfigDisplay.choices(text.value(), constants.keySet())
                  : "; valid: " + String.join(", ", constants.keySet())));
    }
    return constant;
  }
}
