package dev.stream.core.replicate;

import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
  private final Path file;
  private final Path accept;

  ReplicaMemory(ShadowDirectory directory, String replica) {
    this.directory = directory;
    this.file = directory.root().resolve("replicas").resolve(replica);
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
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is in no folder");
    }
    if (Files.notExists(folder)) {
      Files.createDirectories(folder);
      directory.rights().giveFolder(folder);
    }
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(temporary, (identity + "\n" + place + "\n").getBytes(StandardCharsets.UTF_8));
    directory.rights().giveFile(temporary);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
