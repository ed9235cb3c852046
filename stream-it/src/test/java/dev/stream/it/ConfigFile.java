package dev.stream.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration for a process, put together key by key. For one thread. */
public final class ConfigFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> keys = new LinkedHashMap<>();
  private final List<Map<String, Object>> replicas = new ArrayList<>();

  public ConfigFile(Path database, Path shadow) {
    keys.put("database", Map.of("type", "sqlite", "path", database.toString()));
    keys.put("shadowDir", shadow.toString());
    keys.put("replicas", replicas);
  }

  /** Sets a key of the whole: a text, a number, a boolean or a map of these. */
  public ConfigFile set(String key, Object value) {
    keys.put(key, value);
    return this;
  }

  /** Adds a replica; {@code settings} are its type's own keys. */
  public ConfigFile replica(String type, Map<String, Object> settings) {
    Map<String, Object> replica = new LinkedHashMap<>();
    replica.put("type", type);
    replica.putAll(settings);
    replicas.add(replica);
    return this;
  }

  /** Adds a replica in a folder. */
  public ConfigFile folder(Path folder) {
    return replica("file", Map.of("path", folder.toString()));
  }

  /** Writes it and returns the file. */
  public Path write(Path file) throws IOException {
    return Files.writeString(file, JSON.writeValueAsString(keys));
  }
}
