package dev.stream.replica.sftp;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyFormat;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyProviderUtil;
import net.schmizz.sshj.userauth.keyprovider.PKCS8KeyFile;
import net.schmizz.sshj.userauth.keyprovider.PuTTYKeyFile;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/**
 * How the user proves who he is, for one login.
 *
 * @param methods the ways to log in, in the order to try them
 * @param prompts what answers the server's questions; null without a password
 */
record SftpCredentials(List<AuthMethod> methods, @Nullable FirstHiddenPrompt prompts) {

  /** The configured ways to log in. The key is read anew. */
  static SftpCredentials of(SftpReplicaConfig config) throws ReplicaException {
    List<AuthMethod> methods = new ArrayList<>();
    FirstHiddenPrompt prompts = null;
    if (config.keyPath() != null) {
      methods.add(new AuthPublickey(readKey(config.keyPath(), config.passphrase())));
    }
    if (config.password() != null) {
      PasswordFinder password = new Known(config.password());
      methods.add(new AuthPassword(password));
      prompts = new FirstHiddenPrompt(config.password());
      methods.add(new AuthKeyboardInteractive(prompts));
    }
    return new SftpCredentials(methods, prompts);
  }

  /** The server's questions that had no answer, in quotes. */
  List<String> unanswered() {
    return prompts == null ? List.of() : prompts.unanswered();
  }

  static KeyProvider readKey(Path file, @Nullable String passphrase) throws ReplicaException {
    String text = readText(file);
    FileKeyProvider key;
    try {
      key = provider(file, text);
      key.init(text, null, passphrase == null ? null : new Known(passphrase));
      // The key is read now: later, a fault in it would look as if the server had refused it.
      key.getPublic();
      key.getPrivate();
      return key;
    } catch (ReplicaException e) {
      throw e;
    } catch (KeyDecryptionFailedException e) {
      throw unusable(
          file,
          passphrase == null
              ? "it is encrypted; set passphrase"
              : "passphrase does not open it; correct passphrase");
    } catch (IOException | RuntimeException e) {
      // The library's message is left out, because it may quote what it read.
      throw unusable(
          file,
          passphrase == null
              ? "its content cannot be read as a private key; if it is encrypted, set passphrase"
              : "its content cannot be read as a private key with this passphrase");
    }
  }

  private static FileKeyProvider provider(Path file, String text) throws IOException {
    KeyFormat format = KeyProviderUtil.detectKeyFileFormat(text, false);
    return switch (format) {
      case OpenSSHv1 -> new OpenSSHKeyV1KeyFile();
      case PKCS8 -> new PKCS8KeyFile();
      case PuTTY -> new PuTTYKeyFile();
      default ->
          throw unusable(
              file,
              text.startsWith("ssh-") || text.startsWith("ecdsa-")
                  ? "it is a public key; name the private one"
                  : "it is no private key in a format of OpenSSH, PEM, PKCS#8 or PuTTY");
    };
  }

  private static String readText(Path file) throws ReplicaException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw unusable(file, "there is no such file");
    } catch (AccessDeniedException e) {
      throw unusable(file, "this process may not read it");
    } catch (IOException e) {
      throw unusable(file, e.toString());
    }
  }

  private static ReplicaException unusable(Path file, String why) {
    return new ReplicaException(Reason.REJECTED, "cannot use the key in " + file + ": " + why);
  }

  /** A secret that is at hand. */
  private record Known(String secret) implements PasswordFinder {

    @Override
    public char[] reqPassword(Resource<?> resource) {
      return secret.toCharArray();
    }

    @Override
    public boolean shouldRetry(Resource<?> resource) {
      return false;
    }

    @Override
    public String toString() {
      return "***";
    }
  }
}
