package dev.stream.replica.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NatsReplicaConfigTest {

  private static final String SECRET = "badHUSH123";

  private static NatsReplicaConfig at(String url, String bucket, @Nullable String prefix) {
    return new NatsReplicaConfig(
        url, bucket, null, prefix, null, null, null, null, null, null, null, null, null);
  }

  private static NatsReplicaConfig as(
      @Nullable Path creds,
      @Nullable Path nkey,
      @Nullable String token,
      @Nullable String user,
      @Nullable String password) {
    return new NatsReplicaConfig(
        "nats://h", "b", null, null, creds, nkey, token, user, password, null, null, null, null);
  }

  @Test
  void serversAreSeparatedByCommasAndHavePorts() {
    assertThat(at("nats://a:1, tls://b.example.com,c", "b", null).servers())
        .containsExactly("nats://a:1", "tls://b.example.com:4222", "nats://c:4222");
    assertThat(at("nats://[::1]:5", "b", null).servers()).containsExactly("nats://[::1]:5");
  }

  @Test
  void tlsIsUsedWhereItIsAskedFor() {
    assertThat(at("nats://a", "b", null).usesTls()).isFalse();
    assertThat(at("nats://a,tls://b", "b", null).usesTls()).isTrue();
    Path pem = Path.of("ca.pem");
    assertThat(
            new NatsReplicaConfig(
                    "nats://h",
                    "b",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    pem,
                    null,
                    null,
                    null)
                .usesTls())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "http://a",
        "opentls://a",
        "nats://",
        "nats://a/b",
        "nats://a?b",
        "nats://a:x",
        "nats://a,,nats://b",
        "nats://a,",
        "nats://a b",
      })
  void otherUrlsAreRefused(String url) {
    assertThatThrownBy(() -> at(url, "b", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nats://me:" + SECRET + "@a",
        "nats://" + SECRET + "@a:4222",
        "nats://" + SECRET + "@a b"
      })
  void credentialsInTheUrlAreRefusedWithoutShowingThem(String url) {
    assertThatThrownBy(() -> at(url, "b", null))
        .hasMessageStartingWith("url ")
        .hasNoCause()
        .message()
        .doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "a/b", "ä", "a*", ">"})
  void bucketsThatTheServerWouldNotTakeAreRefused(String bucket) {
    assertThatThrownBy(() -> at("nats://a", bucket, null)).hasMessageStartingWith("bucket must ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//a", "a//", "a//b", "a/../b", ".", "a b", "a~", "ä"})
  void prefixesThatMakeNoKeysAreRefused(String prefix) {
    assertThatThrownBy(() -> at("nats://a", "b", prefix)).hasMessageStartingWith("prefix must ");
  }

  @Test
  void prefixesOfPartsAreTaken() {
    for (String prefix : new String[] {"cluster-a/db", "/cluster-a/db", "cluster-a/db/"}) {
      assertThat(at("nats://a", "b", prefix).prefix()).isEqualTo("cluster-a/db");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "a*", ">"})
  void domainsThatMakeNoSubjectAreRefused(String domain) {
    assertThatThrownBy(() -> in(domain)).hasMessageStartingWith("domain must ");
  }

  @Test
  void aDomainIsTakenAndIsAnotherPlace() throws Exception {
    try (NatsReplica here = new NatsReplica(at("nats://a", "b", "c"));
        NatsReplica there = new NatsReplica(in("hub"))) {
      assertThat(here.name()).isEqualTo("nats:nats://a:4222/b/c/");
      assertThat(there.name()).isEqualTo("nats:nats://a:4222/b@hub/c/");
    }
  }

  private static NatsReplicaConfig in(String domain) {
    return new NatsReplicaConfig(
        "nats://a", "b", domain, "c", null, null, null, null, null, null, null, null, null);
  }

  @Test
  void credentialsExcludeEachOther() {
    Path file = Path.of("f");
    assertThatThrownBy(() -> as(file, file, null, null, null)).hasMessageStartingWith("creds ");
    assertThatThrownBy(() -> as(file, null, SECRET, null, null)).hasMessageStartingWith("creds ");
    assertThatThrownBy(() -> as(null, file, null, "me", SECRET)).hasMessageStartingWith("nkey ");
    assertThatThrownBy(() -> as(null, null, SECRET, "me", SECRET))
        .hasMessageStartingWith("token ")
        .message()
        .doesNotContain(SECRET);
    assertThat(as(null, null, null, "me", SECRET).user()).isEqualTo("me");
  }

  @Test
  void userAndPasswordGoTogether() {
    assertThatThrownBy(() -> as(null, null, null, "me", null)).hasMessageStartingWith("password ");
    assertThatThrownBy(() -> as(null, null, null, null, SECRET)).hasMessageStartingWith("user ");
    assertThatThrownBy(() -> as(null, null, "", null, null)).hasMessageStartingWith("token ");
  }

  @Test
  void clientCertificateAndKeyGoTogether() {
    Path pem = Path.of("x.pem");
    assertThatThrownBy(
            () ->
                new NatsReplicaConfig(
                    "tls://h", "b", null, null, null, null, null, null, null, null, pem, null,
                    null))
        .hasMessageStartingWith("clientKey ");
    assertThatThrownBy(
            () ->
                new NatsReplicaConfig(
                    "tls://h", "b", null, null, null, null, null, null, null, null, null, pem,
                    null))
        .hasMessageStartingWith("clientCert ");
  }

  @ParameterizedTest
  @CsvSource({"PT0S", "PT-1S", "PT2H"})
  void timeoutsWithoutSenseAreRefused(Duration timeout) {
    assertThatThrownBy(
            () ->
                new NatsReplicaConfig(
                    "nats://h",
                    "b",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    timeout))
        .hasMessageStartingWith("timeout must ");
  }

  @Test
  void secretsAreNotShown() {
    assertThat(as(null, null, null, "me", SECRET).toString())
        .contains("user=me", "password=***")
        .doesNotContain(SECRET);
    assertThat(as(null, null, SECRET, null, null).toString())
        .contains("token=***", "password=null")
        .doesNotContain(SECRET);
  }
}
