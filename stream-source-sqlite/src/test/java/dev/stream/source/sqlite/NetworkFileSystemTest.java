package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases where WAL mode is not safe are not switched to it unasked. */
final class NetworkFileSystemTest {

  @TempDir Path folder;

  private Path database(String mode) throws Exception {
    Path file = folder.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + mode);
      statement.execute("CREATE TABLE t(a)");
    }
    return file;
  }

  private static StartRequirements on(String type, Path file, Boolean accepted) {
    NetworkFileSystem network = new NetworkFileSystem(path -> type);
    return new StartRequirements(new SqliteConfig(file, accepted), network);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "NFS"})
  void aRollbackJournalIsNotGivenUpThereUnasked(String type) throws Exception {
    Path file = database("DELETE");
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> on(type, file, null).require())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("network file system (" + type + ")")
        .hasMessageContaining("\"networkFileSystem\": true");
    assertThat(file).hasBinaryContent(before);
    assertThatCode(() -> on(type, file, true).require()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "tmpfs", "overlay", "fuse.lxcfs", "apfs"})
  void onADiskOfThisMachineNothingIsAsked(String type) throws Exception {
    Path file = database("DELETE");
    assertThatCode(() -> on(type, file, null).require()).doesNotThrowAnyException();
  }

  @Test
  void aDatabaseThatIsInWalModeThereIsWarnedOf() throws Exception {
    Path file = database("WAL");
    assertThatCode(() -> on("nfs4", file, null).require()).doesNotThrowAnyException();
    assertThat(on("nfs4", file, null).rehearse()).anyMatch(text -> text.contains("(nfs4)"));
  }
}
