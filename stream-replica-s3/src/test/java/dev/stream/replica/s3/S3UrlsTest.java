package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.testkit.replica.ReplicaUrlsContract;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class S3UrlsTest extends ReplicaUrlsContract {

  private final S3Urls urls = new S3Urls();

  @Override
  protected ReplicaProvider<?> provider() {
    return new S3ReplicaProvider();
  }

  @Override
  protected ReplicaUrl url() {
    return of(null, "my_bucket", "/stream/app/");
  }

  private static ReplicaUrl of(@Nullable String user, String authority, String path) {
    return new ReplicaUrl("s3", user, authority, path, Set.of());
  }

  @Test
  void theHostIsTheBucketAndThePathThePrefix() {
    assertThat(urls.settings(url()))
        .isEqualTo(Map.of("bucket", "my_bucket", "prefix", "stream/app"));
    assertThat(urls.settings(of(null, "b", "/"))).isEqualTo(Map.of("bucket", "b"));
  }

  @Test
  void aServerOrAKeyHasItsOwnPlace() {
    assertThatThrownBy(() -> urls.settings(of(null, "minio:9000", "/b")))
        .hasMessageContaining("?endpoint=HOST:PORT");
    assertThatThrownBy(() -> urls.settings(of("AKIA", "b", "")))
        .hasMessageContaining("AWS_ACCESS_KEY_ID");
  }
}
