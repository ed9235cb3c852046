package dev.stream.replica.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what is stored. */
final class ObjectRightsTest {

  @TempDir Path folder;

  private String stored(Path root, Path database, String name) throws IOException {
    Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    try (Replica replica = new FileReplicaProvider().open(new FileReplicaConfig(root))) {
      if (database != null) {
        replica.protectLike(database);
      }
      replica.put(
          new ObjectKey("a/" + name),
          new ObjectBody() {
            @Override
            public long size() {
              return 3;
            }

            @Override
            public InputStream open() {
              return new ByteArrayInputStream(new byte[3]);
            }
          });
    }
    return mode(root) + " " + mode(root.resolve("a")) + " " + mode(root.resolve("a/" + name));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Path database(String mode) throws IOException {
    Path file = folder.resolve("app.db");
    if (Files.notExists(file)) {
      Files.createFile(file);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }

  @Test
  void objectsAreForNobodyWhoMayNotReadTheDatabase() throws IOException {
    assertThat(stored(folder.resolve("1"), database("rw-------"), "x"))
        .isEqualTo("rwx------ rwx------ rw-------");
    assertThat(stored(folder.resolve("2"), database("rw-rw----"), "x"))
        .isEqualTo("rwxr-x--- rwxr-x--- rw-r-----");
    assertThat(stored(folder.resolve("3"), database("rw-r--r--"), "x"))
        .isEqualTo("rwxr-xr-x rwxr-xr-x rw-r--r--");
  }

  @Test
  void whereNothingIsKnownTheyAreForTheOwnerAlone() throws IOException {
    assertThat(stored(folder.resolve("1"), null, "x")).isEqualTo("rwx------ rwx------ rw-------");
    assertThat(stored(folder.resolve("2"), folder.resolve("missing"), "x"))
        .isEqualTo("rwx------ rwx------ rw-------");
  }

  @Test
  void aFolderThatWasThereKeepsItsRightsAndItsObjectsAreStillProtected() throws IOException {
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(stored(root, database("rw-------"), "x")).isEqualTo("rwxr-xr-x rwx------ rw-------");
  }
}
