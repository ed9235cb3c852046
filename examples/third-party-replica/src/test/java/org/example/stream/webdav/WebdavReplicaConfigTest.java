package org.example.stream.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stream.api.config.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WebdavReplicaConfigTest {

  @ParameterizedTest
  @CsvSource({
    "'', u, p, url",
    "dav.example.com/backups, u, p, url",
    "ftp://dav.example.com/, u, p, url",
    "https://u:p@dav.example.com/, u, p, url",
    "https://dav.example.com/a b, u, p, url",
    "https://dav.example.com/?a=b, u, p, url",
    "https://dav.example.com/a/../b, u, p, url",
    "https://dav.example.com//a, u, p, url",
    "https://dav.example.com/, '', p, user",
    "https://dav.example.com/, a:b, p, user",
    "https://dav.example.com/, , p, user",
    "https://dav.example.com/, u, , password"
  })
  void whatCannotWorkIsRefusedByItsKey(String url, String user, String password, String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebdavReplicaConfig(url, user, password))
        .withMessageStartingWith(key + " ");
  }

  @Test
  void passwordIsMarkedAndNotShown() throws Exception {
    var config = new WebdavReplicaConfig("https://dav.example.com/b", "u", "not-to-be-seen");
    assertThat(config.toString()).contains("dav.example.com", "u").doesNotContain("not-to-be-seen");
    assertThat(config.getClass().getRecordComponents()[2].isAnnotationPresent(Secret.class))
        .isTrue();
    assertThat(config.root()).isEqualTo("https://dav.example.com/b/");
  }
}
