package dev.stream.it.server;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** How to run a server, once for containers and local processes. */
public interface ServerRecipe {

  /** A short name, such as {@code minio}: what images and their overrides go by. */
  String name();

  /** The ports that it listens on, as numbered in its container. */
  List<Integer> ports();

  /** What it needs besides its program, by name. */
  default Map<String, ServerFile> files(Layout layout) {
    return Map.of();
  }

  /** A program on the path, and its arguments. */
  List<String> command(Layout layout);

  /** Folders that its data begins with, by name; for servers that run as processes in any case. */
  default List<String> folders() {
    return List.of();
  }

  default Map<String, String> environment(Layout layout) {
    return Map.of();
  }

  /** Most bytes that its data folder takes; none for no bound. */
  default OptionalLong dataLimit() {
    return OptionalLong.empty();
  }

  /** Whether it answers; asked again and again after a start. */
  boolean isReady(RunningServer server) throws Exception;
}
