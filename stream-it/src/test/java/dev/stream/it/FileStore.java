package dev.stream.it;

import dev.stream.api.replica.Replica;
import dev.stream.core.config.StreamConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Replicas in folders, opened as a configuration opens them. */
final class FileStore {

  private FileStore() {}

  static Replica open(Path folder) throws IOException {
    return StreamConfig.builder()
        .shadowDir(folder)
        .replica("file", Map.of("path", folder))
        .build()
        .replicas()
        .get(0)
        .open();
  }
}
