package dev.stream.it.backend;

import dev.stream.it.server.RunningServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Replicas in folders, which are places on no server. */
final class FileBackend implements Backend {

  private final Path base;
  private final FolderServer server;
  private int routes;

  private FileBackend(Path base) throws IOException {
    this.base = base;
    this.server = new FolderServer(base);
  }

  static FileBackend start() throws IOException {
    return new FileBackend(Files.createTempDirectory("file-backend"));
  }

  @Override
  public String type() {
    return "file";
  }

  @Override
  public RunningServer server() {
    return server;
  }

  @Override
  public InetSocketAddress address() {
    return server.address(0);
  }

  @Override
  public Map<String, Object> config(String place) {
    return Map.of("path", server.folder().resolve(place).toString());
  }

  @Override
  public Map<String, Object> config(String place, InetSocketAddress via) {
    throw new UnsupportedOperationException("a folder has no address");
  }

  Route route() throws IOException {
    return new FolderRoute(base.resolve("route-" + routes++), server.folder());
  }

  @Override
  public List<String> secrets() {
    return List.of();
  }

  @Override
  public Requests requests() {
    throw new UnsupportedOperationException("nobody counts what is done to a folder");
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
