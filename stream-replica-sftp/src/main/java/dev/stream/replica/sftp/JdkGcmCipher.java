package dev.stream.replica.sftp;

import com.hierynomus.sshj.transport.cipher.GcmCipher;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.Cipher;

/**
 * AES-GCM by the JDK's own provider, which uses the processor's instructions. The library would ask
 * Bouncy Castle, which does not.
 */
final class JdkGcmCipher extends GcmCipher {

  private static final int IV_SIZE = 12;
  private static final int TAG_SIZE = 16;
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  private final int keySize;

  private JdkGcmCipher(int keySize) {
    super(IV_SIZE, TAG_SIZE, keySize, "AES", TRANSFORMATION);
    this.keySize = keySize;
  }

  @Override
  public void init(Mode mode, byte[] key, byte[] iv) {
    try {
      cipher = javax.crypto.Cipher.getInstance(TRANSFORMATION);
      initCipher(cipher, mode, Arrays.copyOf(key, keySize), Arrays.copyOf(iv, IV_SIZE));
    } catch (GeneralSecurityException e) {
      throw new SSHRuntimeException(e);
    }
  }

  /** A cipher with keys of 128 or 256 bits. */
  static Factory.Named<Cipher> factory(int bits) {
    return new Factory.Named<>() {
      @Override
      public Cipher create() {
        return new JdkGcmCipher(bits / Byte.SIZE);
      }

      @Override
      public String getName() {
        return "aes" + bits + "-gcm@openssh.com";
      }
    };
  }
}
