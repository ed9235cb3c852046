package dev.stream.it;

import dev.stream.api.replica.Replica;
import dev.stream.core.config.StreamConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Replicas, opened as a configuration opens them. */
public final class Stores {

  private Stores() {}

  static Replica folder(Path folder) throws IOException {
    return open("file", Map.of("path", folder));
  }

  /** A replica of a type and its keys; the caller closes it. */
  public static Replica open(String type, Map<String, ?> settings) throws IOException {
    return StreamConfig.builder()
        .shadowDir(Path.of("unused"))
        .replica(type, settings)
        .build()
        .replicas()
        .get(0)
        .open();
  }
}
