package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which server keys are accepted, and what is said of the others. */
final class HostKeysTest {

  @TempDir Path folder;

  private static SftpReplicaConfig config(@Nullable Path knownHosts, @Nullable String pinned) {
    return new SftpReplicaConfig(
        "backup.example.com",
        2222,
        "replicator",
        "secret",
        null,
        null,
        "db",
        knownHosts,
        pinned,
        null,
        null);
  }

  private static @Nullable ReplicaException refusal(SftpReplicaConfig config, String key)
      throws IOException {
    HostKeys keys = HostKeys.read(config);
    boolean accepted = keys.verify("backup.example.com", 2222, TestKeys.publicKey(key));
    assertThat(accepted).isEqualTo(keys.refusal() == null);
    return keys.refusal();
  }

  private static String fingerprint(String key) throws IOException {
    return ServerKey.of(TestKeys.publicKey(key)).fingerprint();
  }

  @Test
  void theFingerprintIsThatOfOpenSsh() throws Exception {
    assertThat(fingerprint("openssh-ed25519"))
        .isEqualTo("SHA256:PqVPfm+KxD9KaOWBtV8XvIOO21J5NUO4SRrlWh3fRJ0");
  }

  @Test
  void aKnownKeyIsAccepted() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("known_hosts"),
            "[backup.example.com]:2222 " + TestKeys.line("openssh-ecdsa") + "\n");
    assertThat(refusal(config(file, null), "openssh-ecdsa")).isNull();
  }

  @Test
  void anUnknownHostIsRefusedWithTheLineThatWouldMakeItKnown() throws Exception {
    Path file = folder.resolve("known_hosts");
    ReplicaException missing = refusal(config(file, null), "openssh-ed25519");
    assertThat(missing).isNotNull().hasMessageContaining("there is no " + file);
    Files.writeString(file, "other.example.com ssh-ed25519 AAAA\n");
    ReplicaException refusal = refusal(config(file, null), "openssh-ed25519");
    assertThat(refusal)
        .isNotNull()
        .hasMessageContaining("backup.example.com:2222")
        .hasMessageContaining(fingerprint("openssh-ed25519"))
        .hasMessageContaining(file.toString());
    assertThat(refusal.reason()).isEqualTo(Reason.REJECTED);
    String message = refusal.getMessage();
    int start = message.indexOf("the line '") + "the line '".length();
    Files.writeString(file, message.substring(start, message.indexOf('\'', start)) + "\n");
    assertThat(refusal(config(file, null), "openssh-ed25519")).isNull();
  }

  @Test
  void aChangedKeyIsRefusedAsAPossibleAttack() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("known_hosts"),
            "[backup.example.com]:2222 " + TestKeys.line("openssh-rsa") + "\n");
    ReplicaException refusal = refusal(config(file, null), "pem-rsa");
    assertThat(refusal)
        .isNotNull()
        .hasMessageContaining("attack")
        .hasMessageContaining(fingerprint("pem-rsa"))
        .hasMessageContaining("ssh-keygen -R");
    assertThat(refusal.reason()).isEqualTo(Reason.ACCESS_DENIED);
  }

  @Test
  void aPinnedKeyIsTheOnlyOneAccepted() throws Exception {
    String pinned = fingerprint("openssh-rsa");
    assertThat(refusal(config(null, pinned), "openssh-rsa")).isNull();
    assertThat(refusal(config(null, pinned + "="), "openssh-rsa")).isNull();
    ReplicaException refusal = refusal(config(null, pinned), "pem-rsa");
    assertThat(refusal)
        .isNotNull()
        .hasMessageContaining(pinned)
        .hasMessageContaining(fingerprint("pem-rsa"))
        .hasMessageContaining("attack");
    assertThat(refusal.reason()).isEqualTo(Reason.ACCESS_DENIED);
  }

  @Test
  void theServersOtherKeysAreAskedForUntilOneHasThePinnedFingerprint() throws Exception {
    HostKeys keys = HostKeys.read(config(null, fingerprint("openssh-rsa")));
    assertThat(keys.verify("h", 1, TestKeys.publicKey("openssh-ed25519"))).isFalse();
    assertThat(keys.otherTypesLeft()).isTrue();
    assertThat(keys.findExistingAlgorithms("h", 1))
        .doesNotContain("ssh-ed25519")
        .contains("rsa-sha2-256");
    assertThat(keys.verify("h", 1, TestKeys.publicKey("openssh-ed25519"))).isFalse();
    assertThat(keys.otherTypesLeft()).isFalse();
    assertThat(keys.verify("h", 1, TestKeys.publicKey("openssh-rsa"))).isTrue();
    assertThat(keys.refusal()).isNull();
  }

  @Test
  void keysOfKnownTypesAreAskedForFirst() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("known_hosts"),
            "[backup.example.com]:2222 " + TestKeys.line("openssh-rsa") + "\n");
    assertThat(HostKeys.read(config(file, null)).findExistingAlgorithms("h", 1))
        .containsExactly("rsa-sha2-512", "rsa-sha2-256");
  }
}
