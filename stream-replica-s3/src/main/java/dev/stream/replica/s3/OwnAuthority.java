package dev.stream.replica.s3;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Trust in the certificates of a file, and in no others. */
final class OwnAuthority {

  private final SSLContext context;
  private final X509TrustManager trust;

  private OwnAuthority(SSLContext context, X509TrustManager trust) {
    this.context = context;
    this.trust = trust;
  }

  /** Reads a PEM file. */
  static OwnAuthority read(Path file) throws ReplicaException {
    Collection<? extends Certificate> certificates;
    try (InputStream in = Files.newInputStream(file)) {
      certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (NoSuchFileException e) {
      throw refused(file, "does not exist", e);
    } catch (CertificateException e) {
      throw refused(file, "is no file of PEM certificates", e);
    } catch (IOException e) {
      throw refused(file, "cannot be read: " + e.getMessage(), e);
    }
    if (certificates.isEmpty()) {
      throw refused(file, "holds no certificate", null);
    }
    try {
      return trusting(certificates);
    } catch (GeneralSecurityException | IOException e) {
      throw refused(file, "cannot be used: " + e.getMessage(), e);
    }
  }

  private static OwnAuthority trusting(Collection<? extends Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        return new OwnAuthority(context, trust);
      }
    }
    throw new GeneralSecurityException("no trust manager for X.509");
  }

  private static ReplicaException refused(Path file, String why, @Nullable Exception cause) {
    return new ReplicaException(
        Reason.REJECTED, "caFile " + file + " " + why + "; correct the path or the file", cause);
  }

  void applyTo(OkHttpClient.Builder http) {
    http.sslSocketFactory(context.getSocketFactory(), trust);
  }
}
