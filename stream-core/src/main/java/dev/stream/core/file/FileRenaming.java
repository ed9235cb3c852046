package dev.stream.core.file;

import java.io.IOException;
import java.nio.file.Path;

/** How a file gets another name in one step. */
@FunctionalInterface
public interface FileRenaming {

  /** Fails, with the file where it was, where that would lead to another file system. */
  void rename(Path from, Path to) throws IOException;
}
