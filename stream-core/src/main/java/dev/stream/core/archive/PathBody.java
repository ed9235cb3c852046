package dev.stream.core.archive;

import dev.stream.api.replica.ObjectBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The content of a finished file. */
record PathBody(Path file, long size) implements ObjectBody {

  static PathBody of(Path file) throws IOException {
    return new PathBody(file, Files.size(file));
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }
}
