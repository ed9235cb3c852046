package dev.stream.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatesIT {

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void aClientWithTheAuthorityTrustsTheServer(String host) throws Exception {
    Certificates certificates = Certificates.create();
    assertThat(greet(certificates, certificates, host)).isEqualTo(7);
  }

  @Test
  void aClientWithAnotherAuthorityDoesNot() throws Exception {
    assertThatThrownBy(() -> greet(Certificates.create(), Certificates.create(), "localhost"))
        .isInstanceOf(SSLHandshakeException.class);
  }

  /** What a client reads from a server, which checks the name that it knows the server by. */
  private static int greet(Certificates server, Certificates trusted, String host)
      throws Exception {
    try (SSLServerSocket listener =
        (SSLServerSocket) serving(server).getServerSocketFactory().createServerSocket(0)) {
      Daemons.run(
          "greeter",
          () -> {
            try (SSLSocket accepted = (SSLSocket) listener.accept()) {
              accepted.getOutputStream().write(7);
            }
          });
      try (SSLSocket client =
          (SSLSocket)
              trusting(trusted).getSocketFactory().createSocket(host, listener.getLocalPort())) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        return client.getInputStream().read();
      }
    }
  }

  private static SSLContext serving(Certificates certificates) throws Exception {
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(
                new PKCS8EncodedKeySpec(
                    Base64.getMimeDecoder()
                        .decode(certificates.key().replaceAll("-----[A-Z ]+-----", ""))));
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "server", key, new char[0], new Certificate[] {parse(certificates.certificate())});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static SSLContext trusting(Certificates certificates) throws Exception {
    KeyStore store = emptyStore();
    store.setCertificateEntry("authority", parse(certificates.authority()));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore emptyStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Certificate parse(String pem) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }
}
