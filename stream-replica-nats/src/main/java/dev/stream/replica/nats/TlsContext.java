package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.PemCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What a TLS connection trusts and shows, from PEM files. */
final class TlsContext {

  private static final Pattern PKCS8 =
      Pattern.compile("-+BEGIN PRIVATE KEY-+([A-Za-z0-9+/=\\s]+)-+END PRIVATE KEY-+");

  private TlsContext() {}

  static SSLContext of(NatsReplicaConfig config) throws ReplicaException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      Path cert = config.clientCert();
      Path key = config.clientKey();
      KeyManager[] shown = cert == null || key == null ? null : shown(cert, key);
      X509ExtendedTrustManager trust = PemCertificates.trust("rootCAs:", config.rootCAs());
      context.init(shown, new TrustManager[] {new HostCheckingTrust(trust)}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      if (e instanceof ReplicaException typed) {
        throw typed;
      }
      throw new ReplicaException(Reason.REJECTED, "cannot set up TLS: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] shown(Path clientCert, Path clientKey)
      throws GeneralSecurityException, IOException {
    List<Certificate> chain = PemCertificates.read("clientCert:", clientCert);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client", privateKey(clientKey), new char[0], chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static PrivateKey privateKey(Path file) throws ReplicaException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      String why = " cannot be read (" + e.getClass().getSimpleName() + ")";
      throw new ReplicaException(Reason.REJECTED, "clientKey: " + file + why, e);
    }
    Matcher key = PKCS8.matcher(text);
    PrivateKey found = key.find() ? privateKey(Base64.getMimeDecoder().decode(key.group(1))) : null;
    if (found == null) {
      String why =
          " holds no private key without a passphrase in the form of PKCS#8; convert it with"
              + " 'openssl pkcs8 -topk8 -nocrypt'";
      throw new ReplicaException(Reason.REJECTED, "clientKey: " + file + why);
    }
    return found;
  }

  private static @Nullable PrivateKey privateKey(byte[] encoded) {
    PrivateKey found = null;
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        found = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        // The key is of another kind.
      }
    }
    return found;
  }
}
