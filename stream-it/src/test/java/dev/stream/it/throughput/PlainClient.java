package dev.stream.it.throughput;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What people use who have no Stream: one object at a time, to a file and from a file. */
interface PlainClient extends AutoCloseable {

  /** What it is. */
  String description();

  void put(Path file) throws Exception;

  void get(Path file) throws Exception;

  /** Removes what was put. */
  void remove() throws Exception;

  @Override
  void close() throws IOException;

  /** A client for a replica's type, which takes the address and the credentials of its keys. */
  static PlainClient open(String type, Map<String, Object> config, Path folder) throws Exception {
    return switch (type) {
      case "s3" -> new PlainS3(config);
      case "sftp" -> new PlainSftp(config, folder);
      case "nats" -> new PlainNats(config);
      default -> throw new IllegalArgumentException("no plain client for " + type);
    };
  }

  /** A key of a replica as text; empty if it is not there. */
  static String text(Map<String, Object> config, String key) {
    Object value = config.get(key);
    return value == null ? "" : value.toString();
  }
}
