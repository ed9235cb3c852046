package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A configuration is refused for what is wrong with it, by its key. */
final class SftpReplicaConfigTest {

  private static final String FINGERPRINT = "SHA256:" + "a".repeat(43);

  /** A sound configuration to spoil. */
  private static final class Draft {
    String host = "backup.example.com";
    @Nullable Integer port;
    String user = "replicator";
    @Nullable String password = "s3cret-password";
    @Nullable Path keyPath = Path.of("/etc/stream/key");
    @Nullable String passphrase = "s3cret-phrase";
    String path = "backups/db";
    @Nullable Path knownHosts;
    @Nullable String hostKeyFingerprint;
    @Nullable HostKeyChecking hostKeyChecking;
    @Nullable Duration timeout;

    SftpReplicaConfig config() {
      return new SftpReplicaConfig(
          host,
          port,
          user,
          password,
          keyPath,
          passphrase,
          path,
          knownHosts,
          hostKeyFingerprint,
          hostKeyChecking,
          timeout);
    }
  }

  /** Spoils a draft. */
  private interface Spoiling {
    void spoil(Draft draft);
  }

  private static void assertRefused(String key, Spoiling spoiling) {
    Draft draft = new Draft();
    spoiling.spoil(draft);
    assertThatThrownBy(draft::config)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key + " ")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void whatIsLeftOutHasItsUsualValue() {
    SftpReplicaConfig config = new Draft().config();
    assertThat(config.portOrUsual()).isEqualTo(22);
    assertThat(config.timeoutOrUsual()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.server()).isEqualTo("backup.example.com");
  }

  @Test
  void anotherPortIsPartOfTheServersName() {
    Draft draft = new Draft();
    draft.port = 2222;
    assertThat(draft.config().server()).isEqualTo("[backup.example.com]:2222");
  }

  @Test
  void secretsAreNotShown() {
    assertThat(new Draft().config().toString())
        .contains("backup.example.com", "replicator", "password=***", "passphrase=***")
        .doesNotContain("s3cret");
  }

  @Test
  void everyKeyIsChecked() {
    assertRefused("host", draft -> draft.host = "sftp://backup.example.com");
    assertRefused("host", draft -> draft.host = "replicator@backup.example.com");
    assertRefused("host", draft -> draft.host = "");
    assertRefused("port", draft -> draft.port = 0);
    assertRefused("port", draft -> draft.port = 65_536);
    assertRefused("user", draft -> draft.user = " ");
    assertRefused("password", draft -> draft.password = "");
    assertRefused("passphrase", draft -> draft.passphrase = "");
    assertRefused("path", draft -> draft.path = "");
    assertRefused("path", draft -> draft.path = "a\nb");
    assertRefused("hostKeyFingerprint", draft -> draft.hostKeyFingerprint = "MD5:00:11");
    assertRefused("hostKeyFingerprint", draft -> draft.hostKeyFingerprint = FINGERPRINT + "aa");
    assertRefused("timeout", draft -> draft.timeout = Duration.ofMillis(10));
    assertRefused("timeout", draft -> draft.timeout = Duration.ofDays(1));
  }

  @Test
  void aWayToLogInIsNeeded() {
    assertRefused(
        "keyPath",
        draft -> {
          draft.password = null;
          draft.keyPath = null;
          draft.passphrase = null;
        });
    assertRefused("passphrase", draft -> draft.keyPath = null);
  }

  @Test
  void oneWayToKnowTheServerExcludesTheOthers() {
    assertRefused(
        "hostKeyFingerprint",
        draft -> {
          draft.hostKeyFingerprint = FINGERPRINT;
          draft.knownHosts = Path.of("known_hosts");
        });
    assertRefused(
        "hostKeyChecking",
        draft -> {
          draft.hostKeyFingerprint = FINGERPRINT;
          draft.hostKeyChecking = HostKeyChecking.INSECURE_ACCEPT_ANY;
        });
    assertRefused(
        "hostKeyChecking",
        draft -> {
          draft.knownHosts = Path.of("known_hosts");
          draft.hostKeyChecking = HostKeyChecking.INSECURE_ACCEPT_ANY;
        });
  }
}
