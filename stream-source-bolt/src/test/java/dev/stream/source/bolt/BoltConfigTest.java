package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a database is refused for before anything of it is captured. */
final class BoltConfigTest {

  @TempDir Path folder;

  private void assertRefused(BoltConfig config, String text) {
    assertThatThrownBy(() -> new BoltDatabaseProvider().open(config))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(text);
  }

  @Test
  void aPathIsNeeded() {
    assertThatThrownBy(() -> new BoltConfig(Path.of(" ")))
        .hasMessage("path is empty: name the bolt database file");
  }

  @Test
  void whatIsNoDatabase() throws Exception {
    assertRefused(new BoltConfig(folder.resolve("none")), "is missing: there is no bolt database");
    assertRefused(new BoltConfig(folder), "is no file: name the bolt database file");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertRefused(new BoltConfig(empty), "is empty");
  }

  @Test
  void whereNothingCanBeKept() throws Exception {
    Path file = Fixture.written(folder);
    assertRefused(new BoltConfig(file, file), "\"tempDir\" of the bolt database is no folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "NFS", "virtiofs"})
  void aFileOfAnotherMachine(String type) {
    assertThatThrownBy(() -> NetworkFileSystem.refuse(folder, type))
        .hasMessageContaining("is on a network file system (" + type + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuse.lxcfs", "apfs"})
  void aFileOfThisMachine(String type) {
    assertThatCode(() -> NetworkFileSystem.refuse(folder, type)).doesNotThrowAnyException();
  }
}
