package dev.stream.spring;

import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Properties as the JSON that would say the same. In properties everything is a text, a list may be
 * {@code a,b}, and {@code path-style}, {@code pathStyle} and {@code PATHSTYLE} are one key: what is
 * meant is known by the record into which Stream reads it.
 */
final class PropertyTree {

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern FLAG = Pattern.compile("true|false");
  private static final Pattern INDEX = Pattern.compile("[0-9]+");

  private final PluginRegistry plugins;

  PropertyTree(PluginRegistry plugins) {
    this.plugins = plugins;
  }

  /** What the properties say, but for the two that decide whether they are read at all. */
  Map<String, Object> of(StreamProperties properties) {
    Map<String, Object> tree = said(properties);
    tree.remove("enabled");
    tree.remove("config");
    if (properties.database() != null) {
      tree.put("database", plugin(properties.database(), this::database));
    }
    if (properties.replicas() != null) {
      List<Object> replicas = new ArrayList<>();
      for (Map<String, Object> replica : properties.replicas()) {
        replicas.add(plugin(replica, this::replica));
      }
      tree.put("replicas", replicas);
    }
    return tree;
  }

  private Class<?> database(String type) throws PluginException {
    return plugins.database(type).configType();
  }

  private Class<?> replica(String type) throws PluginException {
    return plugins.replica(type).configType();
  }

  /** Finds the record of a type. */
  private interface RecordOfType {
    Class<?> find(String type) throws PluginException;
  }

  private static Map<String, Object> plugin(Map<String, Object> section, RecordOfType records) {
    Object type = section.get("type");
    if (type != null) {
      try {
        return section(section, records.find(type.toString()));
      } catch (PluginException e) {
        return section; // the reader says it better: with the key, and what to do
      }
    }
    return section;
  }

  private static Map<String, Object> section(Map<?, ?> raw, Class<?> type) {
    Map<String, RecordComponent> known = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      known.put(uniform(component.getName()), component);
    }
    Map<String, Object> section = new LinkedHashMap<>();
    raw.forEach(
        (key, value) -> {
          RecordComponent component = known.get(uniform(key.toString()));
          if (component == null) {
            section.put(key.toString(), value); // the reader refuses it, unless it is its own
          } else {
            section.put(component.getName(), value(value, component.getGenericType()));
          }
        });
    return section;
  }

  private static String uniform(String key) {
    return key.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static Object value(Object value, Type type) {
    if (type instanceof ParameterizedType parameterized) {
      Type of = parameterized.getActualTypeArguments()[0];
      if (parameterized.getRawType() == Optional.class) {
        return value(value, of);
      }
      if (parameterized.getRawType() == List.class) {
        return elements(value).stream().map(element -> value(element, of)).toList();
      }
      return value;
    }
    if (type instanceof Class<?> plain && plain.isRecord() && value instanceof Map<?, ?> map) {
      return section(map, plain);
    }
    if (value instanceof Map || value instanceof Collection) {
      return value;
    }
    String text = value.toString();
    if ((type == boolean.class || type == Boolean.class) && FLAG.matcher(text).matches()) {
      return Boolean.valueOf(text);
    }
    boolean number =
        type == int.class || type == Integer.class || type == long.class || type == Long.class;
    // A text that is none of these is left, also where YAML took it for a number.
    return number && WHOLE.matcher(text).matches() ? Long.valueOf(text) : text;
  }

  /** Spring makes a map with the keys 0, 1, … of a list whose type it does not know. */
  private static Collection<?> elements(Object value) {
    if (value instanceof Collection<?> collection) {
      return collection;
    }
    if (value instanceof Map<?, ?> map
        && map.keySet().stream().allMatch(key -> INDEX.matcher(key.toString()).matches())) {
      return map.values();
    }
    List<String> parts = new ArrayList<>();
    for (String part : value.toString().split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  /** The components of a record that are said, by the names that properties give them. */
  private static Map<String, Object> said(Record properties) {
    Map<String, Object> said = new LinkedHashMap<>();
    for (RecordComponent component : properties.getClass().getRecordComponents()) {
      Object value = component(properties, component);
      if (value != null) {
        String name = component.getName().equals("assertions") ? "assert" : component.getName();
        said.put(name, value instanceof Record section ? said(section) : value);
      }
    }
    return said;
  }

  private static @Nullable Object component(Record properties, RecordComponent component) {
    try {
      return component.getAccessor().invoke(properties);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
