package dev.stream.replica.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.testkit.replica.ReplicaUrlsContract;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NatsUrlsTest extends ReplicaUrlsContract {

  private final NatsUrls urls = new NatsUrls();

  @Override
  protected ReplicaProvider<?> provider() {
    return new NatsReplicaProvider();
  }

  @Override
  protected ReplicaUrl url() {
    return of("nats", null, "a:4222,b", "/backups/cluster-a/db");
  }

  private static ReplicaUrl of(
      String scheme, @Nullable String user, String authority, String path) {
    return new ReplicaUrl(scheme, user, authority, path, Set.of());
  }

  @Test
  void serversAreFollowedByTheBucketAndThePrefix() {
    assertThat(urls.settings(url()))
        .isEqualTo(
            Map.of("url", "nats://a:4222,nats://b", "bucket", "backups", "prefix", "cluster-a/db"));
    assertThat(urls.settings(of("tls", null, "a", "/b")))
        .isEqualTo(Map.of("url", "tls://a", "bucket", "b"));
  }

  @Test
  void aTokenBeforeTheServerIsRefusedSinceItIsASecret() {
    assertThatThrownBy(() -> urls.settings(of("nats", "tok", "a", "/b")))
        .hasMessageContaining("?creds=FILE")
        .hasMessageNotContaining("tok ");
    assertThatThrownBy(() -> urls.settings(of("nats", null, "a", "/")))
        .hasMessageContaining("nats://HOST:4222/BUCKET");
  }
}
