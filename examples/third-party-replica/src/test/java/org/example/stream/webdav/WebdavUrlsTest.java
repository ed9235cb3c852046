package org.example.stream.webdav;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.testkit.replica.ReplicaUrlsContract;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WebdavUrlsTest extends ReplicaUrlsContract {

  @Override
  protected ReplicaProvider<?> provider() {
    return new WebdavReplicaProvider();
  }

  @Override
  protected ReplicaUrl url() {
    return new ReplicaUrl("webdavs", "anna", "dav.example.com:8443", "/back ups/app", Set.of());
  }

  @Test
  void theSchemeSaysWhetherTheConnectionIsEncrypted() {
    assertThat(new WebdavUrls().settings(url()))
        .isEqualTo(Map.of("url", "https://dav.example.com:8443/back%20ups/app", "user", "anna"));
    assertThat(new WebdavUrls().settings(new ReplicaUrl("webdav", null, "h", "/${APP}", Set.of())))
        .isEqualTo(Map.of("url", "http://h/${APP}"));
  }
}
