package dev.stream.core.upload;

import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the shadow directory remembers of a replica: which place it is, and the identity that was
 * found or stored there. For one thread at a time.
 */
final class ReplicaMemory {

  /** The file by which an operator accepts that a replica is another or an empty place, once. */
  static final String ACCEPT = "accept-replica-";

  private final ShadowDirectory directory;
  private final String name;
  private final Path file;
  private final Path accept;

  ReplicaMemory(ShadowDirectory directory, String replica) {
    this.directory = directory;
    this.name = "replicas/" + replica;
    this.file = directory.root().resolve(name);
    this.accept = directory.root().resolve(ACCEPT + replica);
  }

  /** Where an operator accepts. */
  Path acceptFile() {
    return accept;
  }

  /** Whether an operator has accepted; says so once. */
  boolean takeAccepted() throws IOException {
    return Files.deleteIfExists(accept);
  }

  /** The identity that a place is known to have; null if that place is not known. */
  @Nullable String identity(String place) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() >= 2 && lines.get(1).equals(place) ? lines.get(0) : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Forgets the place. */
  void forget() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Remembers, durably. */
  void remember(String identity, String place) throws IOException {
    directory.note(name, identity + "\n" + place + "\n");
  }
}
