package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The descriptors that this process has open, where the system lists them (Linux). */
final class OpenDescriptors {

  private static final Path LIST = Path.of("/proc/self/fd");

  private OpenDescriptors() {}

  /**
   * How many descriptors of this process refer to a file.
   *
   * @param key the file's key, as {@link WalFile#key} tells it
   * @return -1 if that cannot be told
   */
  static int of(Object key) {
    int found = 0;
    try (DirectoryStream<Path> open = Files.newDirectoryStream(LIST)) {
      for (Path descriptor : open) {
        try {
          // Follows the link to the open file itself, also if that has no name any more.
          Object other = Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey();
          found += key.equals(other) ? 1 : 0;
        } catch (IOException e) {
          // Closed meanwhile, or no file at all.
        }
      }
      return found;
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return -1;
    }
  }
}
