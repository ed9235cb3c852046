package dev.stream.it.backend;

import dev.stream.it.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A symbolic link to the folder, which is blocked by removing it. */
final class FolderRoute implements Route {

  private final Path link;
  private final Path folder;

  FolderRoute(Path link, Path folder) throws IOException {
    this.link = link;
    this.folder = folder;
    mend();
  }

  @Override
  public Map<String, Object> config(String place) {
    return Map.of("path", link.resolve(place).toString());
  }

  @Override
  public void breakAfter(long bytes) throws Exception {
    long begun = size();
    Await.until(bytes + " bytes in " + folder, () -> size() - begun >= bytes);
    Files.delete(link);
  }

  private long size() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (UncheckedIOException e) {
      return 0; // Something went meanwhile; asked again soon.
    }
  }

  @Override
  public void mend() throws IOException {
    Files.createSymbolicLink(link, folder);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(link);
  }
}
