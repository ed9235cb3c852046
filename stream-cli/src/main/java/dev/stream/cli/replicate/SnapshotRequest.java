package dev.stream.cli.replicate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * How {@code stream snapshot} asks a running {@code stream replicate} for a snapshot: an empty file
 * in the shadow directory, which the running process removes when it has taken note of it.
 */
public final class SnapshotRequest {

  static final String NAME = "snapshot-request";

  private final Path file;

  public SnapshotRequest(Path shadowDir) {
    this.file = shadowDir.resolve(NAME);
  }

  public void make() throws IOException {
    Files.write(file, new byte[0]);
  }

  public boolean isOpen() {
    return Files.exists(file);
  }

  /** Takes a request if there is one; returns whether there was. */
  boolean take() {
    try {
      return file.toFile().exists() && Files.deleteIfExists(file);
    } catch (IOException e) {
      LoggerFactory.getLogger(SnapshotRequest.class)
          .warn("cannot take the request {}: {}", file, e.toString());
      return false;
    }
  }

  /** Removes a request that nobody waits for any more. */
  public void discard() {
    boolean ignored = take();
  }
}
