package dev.stream.it.sftp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;

/** A key of this test run, as both sides want it. */
record TestKey(KeyPair pair) {

  static TestKey ecdsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new TestKey(generator.generateKeyPair());
  }

  static TestKey rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return new TestKey(generator.generateKeyPair());
  }

  /** In PKCS#8. */
  byte[] privateFile() {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static byte[] pem(String what, byte[] content) {
    String text =
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
            + "\n-----END "
            + what
            + "-----\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Its type and itself, as in {@code authorized_keys} and {@code known_hosts}. */
  String publicLine() {
    String type = pair.getPublic().getAlgorithm().equals("RSA") ? "ssh-rsa" : "ecdsa-sha2-nistp256";
    return type + " " + Base64.getEncoder().encodeToString(publicBytes());
  }

  String fingerprint() throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicBytes());
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
  }

  private byte[] publicBytes() {
    return new Buffer.PlainBuffer().putPublicKey(pair.getPublic()).getCompactData();
  }
}
