package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.replica.sftp.KnownHosts.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a known_hosts file says, as OpenSSH reads it. */
final class KnownHostsTest {

  private static Verdict check(String line, String server) {
    return check(List.of(line), server, "ssh-ed25519", "KEY");
  }

  private static Verdict check(List<String> lines, String server, String type, String key) {
    return new KnownHosts(lines).check(server, type, key);
  }

  @Test
  void aPlainNameIsKnownWhateverItsCase() {
    String line = "Backup.Example.com,10.0.0.1 ssh-ed25519 KEY comment";
    assertThat(check(line, "backup.example.COM")).isEqualTo(Verdict.KNOWN);
    assertThat(check(line, "10.0.0.1")).isEqualTo(Verdict.KNOWN);
    assertThat(check(line, "10.0.0.10")).isEqualTo(Verdict.UNKNOWN);
    assertThat(check(line, "[backup.example.com]:2222")).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aPortIsPartOfTheName() {
    String line = "[backup.example.com]:2222 ssh-ed25519 KEY";
    assertThat(check(line, "[backup.example.com]:2222")).isEqualTo(Verdict.KNOWN);
    assertThat(check(line, "backup.example.com")).isEqualTo(Verdict.UNKNOWN);
    assertThat(check(line, "[backup.example.com]:2223")).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void wildcardsMatchAndExclamationMarksExclude() {
    String line = "*.example.com,!bad.example.com,host? ssh-ed25519 KEY";
    assertThat(check(line, "good.example.com")).isEqualTo(Verdict.KNOWN);
    assertThat(check(line, "host1")).isEqualTo(Verdict.KNOWN);
    assertThat(check(line, "host12")).isEqualTo(Verdict.UNKNOWN);
    assertThat(check(line, "bad.example.com")).isEqualTo(Verdict.UNKNOWN);
    assertThat(check(line, "goodXexample.com")).isEqualTo(Verdict.UNKNOWN);
    assertThat(check("!bad.example.com ssh-ed25519 KEY", "any.example.com"))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void namesHashedByOpenSshAreKnown() throws Exception {
    List<String> lines = TestKeys.text("hashed-known-hosts").lines().toList();
    String[] first = TestKeys.line("openssh-ed25519").split(" ", -1);
    String[] second = TestKeys.line("openssh-rsa").split(" ", -1);
    assertThat(check(lines, "backup.example.com", first[0], first[1])).isEqualTo(Verdict.KNOWN);
    assertThat(check(lines, "[backup.example.com]:2222", second[0], second[1]))
        .isEqualTo(Verdict.KNOWN);
    assertThat(check(lines, "backup.example.com", second[0], second[1])).isEqualTo(Verdict.UNKNOWN);
    assertThat(check(lines, "other.example.com", first[0], first[1])).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void anotherKeyOfTheSameTypeIsAChange() {
    List<String> lines = List.of("host ssh-ed25519 OTHER", "host ssh-rsa RSA");
    assertThat(check(lines, "host", "ssh-ed25519", "KEY")).isEqualTo(Verdict.CHANGED);
    assertThat(check(lines, "host", "ssh-rsa", "RSA")).isEqualTo(Verdict.KNOWN);
    assertThat(check(lines, "host", "ecdsa-sha2-nistp256", "KEY")).isEqualTo(Verdict.UNKNOWN);
    assertThat(new KnownHosts(lines).keyTypes("host")).containsExactly("ssh-ed25519", "ssh-rsa");
    assertThat(new KnownHosts(lines).keyTypes("other")).isEmpty();
  }

  @Test
  void oneOfSeveralKeysIsEnough() {
    List<String> lines = List.of("host ssh-ed25519 OTHER", "host ssh-ed25519 KEY");
    assertThat(check(lines, "host", "ssh-ed25519", "KEY")).isEqualTo(Verdict.KNOWN);
  }

  @Test
  void aRevokedKeyIsNeverKnown() {
    for (List<String> lines :
        List.of(
            List.of("@revoked * ssh-ed25519 KEY", "host ssh-ed25519 KEY"),
            List.of("host ssh-ed25519 KEY", "@revoked * ssh-ed25519 KEY"))) {
      assertThat(check(lines, "host", "ssh-ed25519", "KEY")).isEqualTo(Verdict.REVOKED);
    }
    assertThat(check("@revoked * ssh-ed25519 OTHER", "host")).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void whatIsNotUnderstoodSaysNothing() {
    assertThat(
            check(
                List.of(
                    "",
                    "# host ssh-ed25519 KEY",
                    "host",
                    "host ssh-ed25519",
                    "@cert-authority * ssh-ed25519 KEY",
                    "|1|no-base-64|none ssh-ed25519 KEY"),
                "host",
                "ssh-ed25519",
                "KEY"))
        .isEqualTo(Verdict.UNKNOWN);
  }
}
