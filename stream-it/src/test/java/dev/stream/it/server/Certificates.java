package dev.stream.it.server;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority that nobody knows, and a server's certificate by it for {@code localhost}
 * and {@code 127.0.0.1} unless told otherwise. Each is its own: one does not vouch for another's
 * server.
 */
public final class Certificates {

  private static final X500Principal AUTHORITY = new X500Principal("CN=Stream test authority");
  private static final X500Principal SERVER = new X500Principal("CN=localhost");
  private static final Duration VALID = Duration.ofDays(365);
  private static final Duration CLOCKS_DIFFER_BY = Duration.ofDays(1);

  private final X509Certificate authority;
  private final X509Certificate server;
  private final PrivateKey serverKey;

  private Certificates(X509Certificate authority, X509Certificate server, PrivateKey serverKey) {
    this.authority = authority;
    this.server = server;
    this.serverKey = serverKey;
  }

  /** Makes new ones, valid from yesterday on for a year. */
  public static Certificates create() throws Exception {
    return create(
        new GeneralName(GeneralName.dNSName, "localhost"),
        new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
  }

  /** The same, but the server's certificate is for a host of another name only. */
  public static Certificates createFor(String host) throws Exception {
    return create(new GeneralName(GeneralName.dNSName, host));
  }

  private static Certificates create(GeneralName... names) throws Exception {
    KeyPair authorityKeys = keys();
    KeyPair serverKeys = keys();
    JcaX509v3CertificateBuilder authority = certificate(AUTHORITY, authorityKeys);
    authority.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    authority.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    JcaX509v3CertificateBuilder server = certificate(SERVER, serverKeys);
    server.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    server.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    server.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    server.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    return new Certificates(
        signed(authority, authorityKeys.getPrivate()),
        signed(server, authorityKeys.getPrivate()),
        serverKeys.getPrivate());
  }

  /** The authority's certificate: what a client has to trust. */
  public String authority() throws GeneralSecurityException {
    return pem("CERTIFICATE", authority.getEncoded());
  }

  /** The server's certificate. */
  public String certificate() throws GeneralSecurityException {
    return pem("CERTIFICATE", server.getEncoded());
  }

  /** The server's key, without a passphrase (PKCS #8). */
  public String key() {
    return pem("PRIVATE KEY", serverKey.getEncoded());
  }

  /** What a client of the test's own trusts. */
  public SSLContext trust() throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /** What a server of the test's own shows. */
  public SSLContext server() throws GeneralSecurityException, IOException {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry("server", serverKey, new char[0], new X509Certificate[] {server});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(own, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  /** Writes a store of what a JVM trusts with this authority alone. */
  public Path trustStore(Path file, String password) throws GeneralSecurityException, IOException {
    KeyStore trusted = trusted();
    try (OutputStream out = Files.newOutputStream(file)) {
      trusted.store(out, password.toCharArray());
    }
    return file;
  }

  private KeyStore trusted() throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    return trusted;
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder certificate(X500Principal subject, KeyPair keys) {
    Instant from = Instant.now().minus(CLOCKS_DIFFER_BY);
    return new JcaX509v3CertificateBuilder(
        AUTHORITY,
        new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
        Date.from(from),
        Date.from(from.plus(VALID)),
        subject,
        keys.getPublic());
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder certificate, PrivateKey by)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
  }

  private static String pem(String type, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }
}
