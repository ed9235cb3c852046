package dev.stream.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.config.HttpConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of others, whose name leads here, get nothing. */
final class HostCheckTest {

  private final HostCheck check =
      new HostCheck(new HttpConfig("0.0.0.0:9090", List.of("Stream.Example.com")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:9090",
        "127.0.0.1:9090",
        "10.1.2.3",
        "[::1]:9090",
        "[fe80::1]",
        "app.localhost",
        "stream:9090",
        "stream.example.com",
        "STREAM.example.com:80",
      })
  void itsOwnNamesAndAddressesAreAnswered(String host) {
    assertThat(check.refusal(List.of(host))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example:9090",
        "127.0.0.1.evil.example",
        "stream.example.com.evil.example",
        "evil.example.",
        "localhost.evil.example",
        "1.2.3.4.5",
        "",
        ":9090",
        "a:b",
      })
  void anyOtherNameIsRefused(String host) {
    assertThat(check.refusal(List.of(host))).contains("hosts");
  }

  @Test
  void oneNameIsSaidOnce() {
    assertThat(check.refusal(null)).isNotNull();
    assertThat(check.refusal(List.of())).isNotNull();
    assertThat(check.refusal(List.of("localhost", "localhost"))).isNotNull();
  }
}
