package dev.stream.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of an application as the JSON that would say the same. */
final class ConfigTree {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ConfigTree() {}

  static Map<String, @Nullable Object> withType(String type, Map<String, ?> settings) {
    if (settings.containsKey("type")) {
      throw new IllegalArgumentException("type is an argument of its own");
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("type", type);
    all.putAll(settings);
    return all;
  }

  static ObjectNode object(Map<?, ?> values) {
    ObjectNode object = NODES.objectNode();
    values.forEach((key, value) -> object.set(String.valueOf(key), node(value)));
    return object;
  }

  static JsonNode node(@Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof Map<?, ?> map) {
      return object(map);
    }
    if (value instanceof Collection<?> collection) {
      ArrayNode array = NODES.arrayNode();
      collection.forEach(element -> array.add(node(element)));
      return array;
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof Integer || value instanceof Long || value instanceof Short) {
      return NODES.numberNode(((Number) value).longValue());
    }
    return NODES.textNode(value.toString()); // paths, durations and instants read back as they are
  }
}
