package dev.stream.replica.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import net.schmizz.sshj.common.Buffer;

/** Keys made for these tests, which open nothing. Encrypted ones have one passphrase. */
final class TestKeys {

  static final String PASSPHRASE = "open sesame";

  private TestKeys() {}

  static String text(String name) throws IOException {
    try (InputStream in = TestKeys.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  static Path copy(String name, Path folder) throws IOException {
    return Files.writeString(folder.resolve(name), text(name));
  }

  /** The text of a public key: its type, a space, and the key. */
  static String line(String name) throws IOException {
    String[] words = text(name + ".pub").split(" ", -1);
    return words[0] + " " + words[1];
  }

  static PublicKey publicKey(String name) throws IOException {
    String key = line(name).split(" ", -1)[1];
    return new Buffer.PlainBuffer(java.util.Base64.getDecoder().decode(key)).readPublicKey();
  }
}
