package dev.stream.replica.sftp;

import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.ChachaPolyCiphers;
import com.hierynomus.sshj.transport.kex.DHGroups;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import com.hierynomus.sshj.transport.mac.Macs;
import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.ConfigImpl;
import net.schmizz.sshj.transport.compression.NoneCompression;
import net.schmizz.sshj.transport.kex.Curve25519SHA256;
import net.schmizz.sshj.transport.kex.DHGexSHA256;
import net.schmizz.sshj.transport.kex.ECDHNistP;
import net.schmizz.sshj.transport.random.JCERandom;
import net.schmizz.sshj.transport.random.SingletonRandomFactory;

/** What this side of a connection is willing to speak: nothing that is known to be weak. */
final class SshSettings {

  /**
   * Permission for the server to send, per channel. It costs no memory: what is asked for at once
   * bounds that. The library renews it late, so that a small one would stall a long way.
   */
  static final int RECEIVE_WINDOW = 64 << 20;

  private SshSettings() {}

  static Config create() {
    ConfigImpl config = new ConfigImpl();
    config.setLoggerFactory(new LibraryLog());
    config.setVersion("Stream");
    config.setRandomFactory(new SingletonRandomFactory(new JCERandom.Factory()));
    config.setKeyExchangeFactories(
        List.of(
            new Curve25519SHA256.Factory(),
            new Curve25519SHA256.FactoryLibSsh(),
            new ECDHNistP.Factory256(),
            new ECDHNistP.Factory384(),
            new ECDHNistP.Factory521(),
            new DHGexSHA256.Factory(),
            DHGroups.Group16SHA512(),
            DHGroups.Group18SHA512(),
            DHGroups.Group14SHA256(),
            new ExtInfoClientFactory()));
    config.setKeyAlgorithms(
        List.of(
            KeyAlgorithms.EdDSA25519(),
            KeyAlgorithms.ECDSASHANistp256(),
            KeyAlgorithms.ECDSASHANistp384(),
            KeyAlgorithms.ECDSASHANistp521(),
            KeyAlgorithms.RSASHA512(),
            KeyAlgorithms.RSASHA256()));
    config.setCipherFactories(
        List.of(
            JdkGcmCipher.factory(128),
            JdkGcmCipher.factory(256),
            ChachaPolyCiphers.CHACHA_POLY_OPENSSH(),
            BlockCiphers.AES128CTR(),
            BlockCiphers.AES192CTR(),
            BlockCiphers.AES256CTR()));
    config.setMACFactories(
        List.of(
            Macs.HMACSHA2256Etm(), Macs.HMACSHA2512Etm(), Macs.HMACSHA2256(), Macs.HMACSHA2512()));
    config.setCompressionFactories(List.of(new NoneCompression.Factory()));
    config.setFileKeyProviderFactories(List.of());
    config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
    config.setMaxCircularBufferSize(RECEIVE_WINDOW);
    return config;
  }
}
