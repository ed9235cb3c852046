package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
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
      context.init(
          cert == null || key == null ? null : shown(cert, key), trusted(config.rootCAs()), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      if (e instanceof ReplicaException typed) {
        throw typed;
      }
      throw new ReplicaException(Reason.REJECTED, "cannot set up TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trusted(@Nullable Path rootCAs)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (rootCAs == null) {
      factory.init((KeyStore) null);
    } else {
      KeyStore store = emptyStore();
      int count = 0;
      for (Certificate each : certificates("rootCAs", rootCAs)) {
        store.setCertificateEntry("ca-" + count++, each);
      }
      factory.init(store);
    }
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager x509) {
        return new TrustManager[] {new HostCheckingTrust(x509)};
      }
    }
    throw new GeneralSecurityException("this Java runtime trusts no X.509 certificates");
  }

  private static KeyManager[] shown(Path clientCert, Path clientKey)
      throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> chain = certificates("clientCert", clientCert);
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "client", privateKey(clientKey), new char[0], chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String key, Path file)
      throws ReplicaException {
    Collection<? extends Certificate> certificates;
    try {
      certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(key, file)));
    } catch (GeneralSecurityException e) {
      throw noCertificate(key, file);
    }
    if (certificates.isEmpty()) {
      throw noCertificate(key, file);
    }
    return certificates;
  }

  private static ReplicaException noCertificate(String key, Path file) {
    return new ReplicaException(
        Reason.REJECTED, key + ": " + file + " holds no certificate in PEM form");
  }

  private static PrivateKey privateKey(Path file) throws ReplicaException {
    String text = new String(read("clientKey", file), java.nio.charset.StandardCharsets.ISO_8859_1);
    Matcher key = PKCS8.matcher(text);
    PrivateKey found = key.find() ? privateKey(Base64.getMimeDecoder().decode(key.group(1))) : null;
    if (found == null) {
      throw new ReplicaException(
          Reason.REJECTED,
          "clientKey: "
              + file
              + " holds no private key without a passphrase in the form of PKCS#8; convert it with"
              + " 'openssl pkcs8 -topk8 -nocrypt'");
    }
    return found;
  }

  private static @Nullable PrivateKey privateKey(byte[] encoded) {
    PrivateKey found = null;
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        found = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        // A key of another kind.
      }
    }
    return found;
  }

  private static byte[] read(String key, Path file) throws ReplicaException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ReplicaException(
          Reason.REJECTED,
          key + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")",
          e);
    }
  }
}
