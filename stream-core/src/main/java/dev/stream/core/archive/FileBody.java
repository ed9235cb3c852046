package dev.stream.core.archive;

import dev.stream.core.artefact.ByteRangeSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The content of a finished file. */
public record FileBody(Path file, long size) implements ArtefactBody {

  /**
   * The file's content as it is now.
   *
   * @throws IOException if it is not there
   */
  public static FileBody of(Path file) throws IOException {
    return new FileBody(file, Files.size(file));
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public byte[] end(int length) throws IOException {
    try (ByteRangeSource source = ByteRangeSource.ofFile(file)) {
      return source.read(size - length, length);
    }
  }
}
