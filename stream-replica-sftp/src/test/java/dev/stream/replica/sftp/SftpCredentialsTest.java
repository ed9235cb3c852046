package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys in the formats people have, and what is said of those that cannot be used. */
final class SftpCredentialsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openssh-ed25519",
        "openssh-ecdsa",
        "openssh-rsa",
        "pem-rsa",
        "pem-ecdsa",
        "pkcs8-rsa",
        "pkcs8-ecdsa"
      })
  void aKeyIsRead(String name) throws Exception {
    Path file = TestKeys.copy(name, folder);
    assertThat(ServerKey.of(SftpCredentials.readKey(file, null).getPublic()))
        .isEqualTo(ServerKey.of(TestKeys.publicKey(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openssh-ed25519-encrypted", "pem-rsa-encrypted", "pkcs8-rsa-encrypted"})
  void anEncryptedKeyIsOpenedByItsPassphraseOnly(String name) throws Exception {
    Path file = TestKeys.copy(name, folder);
    assertThat(ServerKey.of(SftpCredentials.readKey(file, TestKeys.PASSPHRASE).getPublic()))
        .isEqualTo(ServerKey.of(TestKeys.publicKey(name)));
    assertThat(refusal(file, "wrong-phrase")).contains("passphrase").doesNotContain("wrong-phrase");
    assertThat(refusal(file, null)).contains("set passphrase");
  }

  @Test
  void whatIsNoPrivateKeyIsSaidPlainly() throws Exception {
    assertThat(refusal(folder.resolve("absent"), null)).contains("no such file");
    assertThat(refusal(TestKeys.copy("openssh-ed25519.pub", folder), null))
        .contains("public key; name the private one");
    assertThat(refusal(Files.writeString(folder.resolve("text"), "hello"), null))
        .contains("no private key");
    assertThat(refusal(Files.writeString(folder.resolve("empty"), ""), null)).contains("key");
    String whole = TestKeys.text("openssh-ed25519");
    Path cut = Files.writeString(folder.resolve("cut"), whole.substring(0, whole.length() / 2));
    assertThat(refusal(cut, null)).contains("cannot be read as a private key");
  }

  /** The message, which names the file. */
  private static String refusal(Path file, @Nullable String passphrase) {
    Throwable failure = catchThrowable(() -> SftpCredentials.readKey(file, passphrase));
    assertThat(failure).isInstanceOf(ReplicaException.class).hasMessageContaining(file.toString());
    assertThat(((ReplicaException) failure).reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure.getCause()).isNull();
    return failure.getMessage();
  }
}
