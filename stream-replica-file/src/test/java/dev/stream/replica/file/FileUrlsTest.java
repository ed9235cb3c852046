package dev.stream.replica.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.testkit.replica.ReplicaUrlsContract;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FileUrlsTest extends ReplicaUrlsContract {

  @Override
  protected ReplicaProvider<?> provider() {
    return new FileReplicaProvider();
  }

  @Override
  protected ReplicaUrl url() {
    return of("", "/backups/app");
  }

  private static ReplicaUrl of(String authority, String path) {
    return new ReplicaUrl("file", null, authority, path, Set.of());
  }

  @Test
  void threeSlashesAreFollowedByTheFolder() {
    assertThat(new FileUrls().settings(url())).containsOnly(Map.entry("path", "/backups/app"));
    assertThat(new FileUrls().settings(of("localhost", "/b"))).containsEntry("path", "/b");
  }

  @Test
  void twoSlashesWouldNameAnotherMachine() {
    assertThatThrownBy(() -> new FileUrls().settings(of("backups", "/app")))
        .hasMessageContaining("file:///backups/app");
  }
}
