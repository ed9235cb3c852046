package dev.stream.cli.output;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An object of a JSON document, whose keys keep the order in which they are set. It is a map, so
 * that Jackson is loaded only when a document is printed. Not thread-safe.
 */
public final class JsonObject extends LinkedHashMap<String, @Nullable Object> {

  private static final long serialVersionUID = 1L;

  /** Sets a key; returns this object. */
  public JsonObject with(String key, @Nullable Object value) {
    put(key, value);
    return this;
  }
}
