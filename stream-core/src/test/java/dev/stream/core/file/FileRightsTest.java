package dev.stream.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom files belong to that are made for a database. */
final class FileRightsTest {

  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void create() throws IOException {
    Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    database = Files.createFile(folder.resolve("app.db"));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private void database(String mode) throws IOException {
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString(mode));
  }

  @Test
  void theShadowDirectoryIsForNobodyWhoMayNotReadTheDatabase() throws IOException {
    for (String mode : List.of("rw-------", "rw-rw----", "rw-r--r--")) {
      database(mode);
      Path root = folder.resolve("shadow " + mode);
      try (ShadowDirectory directory = ShadowDirectory.open(root, FileRights.of(database))) {
        String entering = mode.replaceAll("r([w-])-", "r$1x");
        assertThat(mode(directory.root())).isEqualTo(entering);
        try (Stream<Path> inside = Files.walk(root)) {
          for (Path each : inside.toList()) {
            assertThat(mode(each)).isEqualTo(Files.isDirectory(each) ? entering : mode);
          }
        }
      }
    }
  }

  @Test
  void whatAnEarlierVersionLeftOpenIsClosed() throws IOException {
    Path root = Files.createDirectory(folder.resolve("shadow"));
    Path generation = Files.createDirectory(root.resolve("0000019b76daa803-e96c0f13"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(generation, PosixFilePermissions.fromString("rwxr-xr-x"));
    database("rw-------");
    try (ShadowDirectory directory = ShadowDirectory.open(root, FileRights.of(database))) {
      assertThat(mode(directory.root())).as("an operator's own folder").isEqualTo("rwxr-xr-x");
      assertThat(mode(generation)).isEqualTo("rwx------");
    }
  }

  @Test
  void aMissingDatabaseIsForWhomItsFolderIsFor() throws IOException {
    Files.delete(database);
    Path made = Files.createFile(folder.resolve("made"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    FileRights.of(database).giveFile(made);
    assertThat(mode(made)).isEqualTo("rw-------");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));
    FileRights.of(database).giveFile(made);
    assertThat(mode(made)).isEqualTo("rw-rw----");
  }

  @Test
  void oneFileAfterTheOtherIsGivenThemWhateverItHasAtFirst() throws IOException {
    database("rw-r-----");
    FileRights rights = FileRights.of(database);
    for (String first : List.of("rw-------", "rw-r-----", "rwxrwxrwx", "rw-r--r--")) {
      Path made = Files.createFile(folder.resolve("made " + first));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(first));
      rights.giveFile(made);
      assertThat(mode(made)).as(first).isEqualTo("rw-r-----");
    }
  }

  @Test
  void whatRootMakesBelongsToTheOwnerOfTheDatabase() throws IOException {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")));
    var lookup = folder.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(database, lookup.lookupPrincipalByName("nobody"));
    database("rw-------");
    Path made = Files.createFile(folder.resolve("made"));
    FileRights.of(database).giveFile(made);
    assertThat(Files.getOwner(made).getName()).isEqualTo("nobody");
    assertThat(mode(made)).isEqualTo("rw-------");
    FileRights again = FileRights.of(database);
    again.giveFile(made);
    Path next = Files.createFile(folder.resolve("next"));
    again.giveFile(next);
    assertThat(Files.getOwner(next).getName()).as("not only the first").isEqualTo("nobody");
    Files.delete(database);
    Files.setOwner(folder, lookup.lookupPrincipalByName("nobody"));
    Path restored = Files.createFile(folder.resolve("restored"));
    FileRights.of(database).giveFile(restored);
    assertThat(Files.getOwner(restored).getName()).isEqualTo("nobody");
  }
}
