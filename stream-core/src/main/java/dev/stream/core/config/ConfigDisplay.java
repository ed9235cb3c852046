package dev.stream.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.api.config.Secret;
import dev.stream.core.plugin.NearestName;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What people may see of a configuration, and how messages put it. */
final class ConfigDisplay {

  static final String MASK = "***";

  private static final int LONGEST_QUOTE = 80;

  private ConfigDisplay() {}

  /** The components of a record, by name; secrets masked, absent ones left out. */
  static Map<String, Object> components(@Nullable Object config) {
    return components(config, UnaryOperator.identity());
  }

  /**
   * The components of a record, by name; secrets masked, absent ones left out.
   *
   * @param text what to show for a text
   */
  static Map<String, Object> components(@Nullable Object config, UnaryOperator<String> text) {
    Map<String, Object> shown = new LinkedHashMap<>();
    if (config == null || !config.getClass().isRecord()) {
      return shown;
    }
    for (RecordComponent component : config.getClass().getRecordComponents()) {
      Object value;
      try {
        value = component.getAccessor().invoke(config);
      } catch (ReflectiveOperationException e) {
        value = MASK; // neither its value nor its message is known to be harmless
      }
      boolean secret = component.isAnnotationPresent(Secret.class);
      putIfPresent(shown, key(component), secret && value != null ? MASK : value(value, text));
    }
    return shown;
  }

  private static @Nullable Object value(@Nullable Object value, UnaryOperator<String> text) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Optional<?> optional) {
      return value(optional.orElse(null), text);
    }
    if (value instanceof Collection<?> collection) {
      return collection.stream().map(element -> value(element, text)).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> shown = new LinkedHashMap<>();
      map.forEach((key, element) -> putIfPresent(shown, String.valueOf(key), value(element, text)));
      return shown;
    }
    if (value instanceof Record) {
      return components(value, text);
    }
    if (value instanceof Enum<?> constant) {
      return enumName(constant);
    }
    return text.apply(value.toString());
  }

  static String enumName(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  static void putIfPresent(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  static Map<String, Object> withType(String type, Map<String, Object> shown) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("type", type);
    all.putAll(shown);
    return all;
  }

  static Map<String, Object> withTypeAndName(String type, String name, Map<String, Object> shown) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("type", type);
    all.put("name", name);
    all.putAll(shown);
    return all;
  }

  static String json(Map<String, Object> shown) {
    return ConfigTree.object(shown).toString();
  }

  static String path(String parent, String key) {
    return parent.isEmpty() ? key : parent + "." + key;
  }

  /** A text in quotes, cut if it is long. */
  static String quoted(String text) {
    return '"'
        + (text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…")
        + '"';
  }

  /** The end of a sentence about a name that is not valid: the one meant, and all there are. */
  static String choices(String given, Collection<String> valid) {
    String meant =
        NearestName.of(given, valid).map(name -> "; did you mean \"" + name + "\"?").orElse("");
    return meant.isEmpty()
        ? "; valid: " + String.join(", ", valid)
        : meant + " Valid: " + String.join(", ", valid);
  }

  /** What kind of JSON value it is; never the value. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      default -> "missing";
    };
  }

  static List<String> names(RecordComponent[] components) {
    return java.util.Arrays.stream(components).map(ConfigDisplay::key).toList();
  }

  /** The key that a component is read from. */
  static String key(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    return key == null ? component.getName() : key.value();
  }
}
