package dev.stream.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the secrets in a configuration file are anybody's to read. */
final class OpenSecrets {

  private static final Logger LOG = LoggerFactory.getLogger(OpenSecrets.class);

  private OpenSecrets() {}

  /** Warns if other users may read a file in which secrets stand. */
  static void warn(Path file) {
    if (isOpen(file)) {
      LOG.warn(
          "{} holds secrets, and every user of this machine may read it: chmod 600 {}, or write"
              + " ${NAME} for them and set the environment",
          file,
          file);
    }
  }

  static boolean isOpen(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      return permissions.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // it cannot be told here
    }
  }
}
