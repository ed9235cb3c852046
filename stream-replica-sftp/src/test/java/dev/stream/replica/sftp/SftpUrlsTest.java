package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.testkit.replica.ReplicaUrlsContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SftpUrlsTest extends ReplicaUrlsContract {

  @TempDir Path home;

  @Override
  protected ReplicaProvider<?> provider() {
    return new SftpReplicaProvider();
  }

  @Override
  protected ReplicaUrl url() {
    return of("backup.example.com:2222", "/backups/app");
  }

  private static ReplicaUrl of(String authority, String path, String... keys) {
    return new ReplicaUrl("sftp", "replicator", authority, path, Set.of(keys));
  }

  private Map<String, String> settings(String authority, String path, String... keys) {
    return new SftpUrls(home).settings(of(authority, path, keys));
  }

  @Test
  void aFolderIsAbsoluteExceptBehindATilde() {
    assertThat(settings("backup.example.com:2222", "/backups/app"))
        .isEqualTo(
            Map.of(
                "host", "backup.example.com",
                "port", "2222",
                "user", "replicator",
                "path", "/backups/app"));
    assertThat(settings("h", "/~/app")).containsEntry("path", "~/app").doesNotContainKey("port");
    assertThat(settings("h", "/~")).containsEntry("path", ".");
    assertThat(settings("[::1]:22", "/a")).containsEntry("host", "::1").containsEntry("port", "22");
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThatThrownBy(() -> settings("h", "/")).hasMessageContaining("/~/app");
    assertThatThrownBy(() -> settings("", "/a")).hasMessageContaining("server");
    assertThatThrownBy(() -> settings("h:ssh", "/a")).hasMessageContaining("1 to 65535");
    assertThatThrownBy(
            () -> new SftpUrls(home).settings(new ReplicaUrl("sftp", null, "h", "/a", Set.of())))
        .hasMessageContaining("sftp://USER@HOST/");
  }

  @Test
  void theUsersOwnKeyIsTakenIfTheUrlSaysNothing() throws Exception {
    Path key = home.resolve(".ssh/id_ed25519");
    Files.createDirectories(home.resolve(".ssh"));
    Files.writeString(key, "a key");
    assertThat(settings("h", "/a")).containsEntry("keyPath", key.toString());
    assertThat(settings("h", "/a", "keyPath")).doesNotContainKey("keyPath");
    assertThat(settings("h", "/a", "password")).doesNotContainKey("keyPath");
  }
}
