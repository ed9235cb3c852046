package dev.stream.it.backend;

import dev.stream.it.Shell;
import dev.stream.it.server.RunningServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that is moved away while it counts as dead, as if its mount were gone. */
final class FolderServer implements RunningServer {

  private final Path base;

  FolderServer(Path base) throws IOException {
    this.base = base;
    Files.createDirectory(folder());
  }

  Path folder() {
    return base.resolve("mount");
  }

  @Override
  public String description() {
    return "a folder";
  }

  @Override
  public InetSocketAddress address(int declared) {
    throw new UnsupportedOperationException("a folder has no address");
  }

  @Override
  public void kill() throws IOException {
    Files.move(folder(), base.resolve("gone"));
  }

  @Override
  public void start() throws IOException {
    Files.move(base.resolve("gone"), folder());
  }

  @Override
  public void pause() {
    throw new UnsupportedOperationException("a folder does nothing that could pause");
  }

  @Override
  public void resume() {
    throw new UnsupportedOperationException("a folder does nothing that could pause");
  }

  @Override
  public String log() {
    return "";
  }

  @Override
  public void close() throws IOException {
    Shell.expect("rm", "-r", base.toString());
  }
}
