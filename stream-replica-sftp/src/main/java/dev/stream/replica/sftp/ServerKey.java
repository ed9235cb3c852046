package dev.stream.replica.sftp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;

/**
 * A key that a server presents.
 *
 * @param type such as {@code ssh-ed25519}
 * @param text the key in SSH's own form, in base 64
 * @param fingerprint {@code SHA256:…}, as OpenSSH prints it
 */
record ServerKey(String type, String text, String fingerprint) {

  static ServerKey of(PublicKey key) {
    byte[] bytes = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    byte[] digest;
    try {
      digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    return new ServerKey(
        KeyType.fromKey(key).toString(),
        Base64.getEncoder().encodeToString(bytes),
        "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest));
  }
}
