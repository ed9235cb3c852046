package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where Stream shows how it is doing, and whom it calls. */
final class HttpConfigTest {

  @ParameterizedTest
  @CsvSource({
    "9090, 127.0.0.1, 9090",
    "0, 127.0.0.1, 0",
    "0.0.0.0:80, 0.0.0.0, 80",
    "localhost:9090, localhost, 9090",
    "[::1]:65535, [::1], 65535",
  })
  void anAddressIsAPortOrAHostAndAPort(String address, String host, int port) {
    HttpConfig config = new HttpConfig(address);
    assertThat(config.host()).isEqualTo(host);
    assertThat(config.socketAddress().getPort()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        ":9090",
        "65536",
        "1.2.3.4",
        "::1:9090",
        "http://a:1",
        "a b:1",
        "a:-1",
        "a:1/"
      })
  void anythingElseIsRefused(String address) {
    assertThatThrownBy(() -> new HttpConfig(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("address ")
        .hasMessageContaining("0.0.0.0:9090");
  }

  private static StreamConfig parse(String section) throws ConfigException {
    String json = StreamConfigTest.MINIMAL.strip();
    return StreamConfig.parse(
        json.substring(0, json.length() - 1) + ", " + section + "}",
        SamplePlugins.registry(),
        Map.of("SECRET", "https://watch.example/s3cr3t-path"));
  }

  @Test
  void bothAreReadAndTheUrlIsNotShown() throws Exception {
    StreamConfig config =
        parse(
            """
            "http": {"address": "0.0.0.0:9090", "hosts": ["stream.example.com"]},
            "heartbeat": {"url": "${SECRET}", "interval": "30s"}
            """);
    assertThat(config.http())
        .isEqualTo(new HttpConfig("0.0.0.0:9090", List.of("stream.example.com")));
    assertThat(config.heartbeat())
        .isEqualTo(
            new HeartbeatConfig("https://watch.example/s3cr3t-path", Duration.ofSeconds(30)));
    assertThat(config.toString() + config.heartbeat())
        .contains("0.0.0.0:9090", "PT30S")
        .doesNotContain("s3cr3t", "watch.example");
    assertThat(parse("\"heartbeat\": {\"url\": \"http://a/b\"}").heartbeat())
        .isEqualTo(new HeartbeatConfig("http://a/b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'http': {}|http.address|is missing",
        "'http': {'address': 'x'}|http.address|no address to listen on",
        "'http': {'address': '1', 'hosts': ['a:1']}|http.hosts|no host name",
        "'http': {'adress': '1'}|http.adress|did you mean",
        "'heartbeat': {'url': 'ftp://s3cr3t/'}|heartbeat.url|must begin with https://",
        "'heartbeat': {'url': 'https://u:s3cr3t@a/'}|heartbeat.url|user or password",
        "'heartbeat': {'url': 'https://s3cr3t path'}|heartbeat.url|is no URL",
        "'heartbeat': {'url': 'https://s3cr3t', 'interval': '0s'}|heartbeat.interval|must be",
      })
  void whatIsWrongIsToldWithItsKeyAndWithoutTheSecret(String section, String path, String problem) {
    assertThatThrownBy(() -> parse(section.replace('\'', '"')))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems()).extracting(ConfigProblem::path).contains(path);
              assertThat(e).hasMessageContaining(problem);
              assertThat(e.getMessage()).doesNotContain("s3cr3t");
            });
  }
}
