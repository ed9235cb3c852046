package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said to who is not let in. */
final class SshLoginTest {

  private static final String SECRET = "a-secret";

  private final SshLogin login =
      new SshLogin(
          new SftpReplicaConfig(
              "h", 2022, "keeper", SECRET, null, null, "backups", null, null, null, null));

  @Test
  void aRefusalSaysWhatWasRefusedAndWhatTheServerOffers() {
    assertThat(login.refusal(List.of("publickey", "password"), false, List.of()))
        .isEqualTo(
            "h:2022 does not let keeper in: it refused the password; it offers publickey,"
                + " password");
  }

  @Test
  void anAddressOfTheNewerKindStandsInBrackets() {
    SshLogin newer =
        new SshLogin(
            new SftpReplicaConfig(
                "2001:db8::7", null, "keeper", SECRET, null, null, "b", null, null, null, null));
    assertThat(newer.refusal(List.of("password"), false, List.of()))
        .startsWith("[2001:db8::7]:22 does not let keeper in");
  }

  @Test
  void aQuestionThatWasNotAnsweredIsQuoted() {
    assertThat(login.refusal(List.of("keyboard-interactive"), false, List.of("'Code:'")))
        .contains("it asked 'Code:', which Stream has no answer to", "or a key")
        .doesNotContain(SECRET);
  }
}
