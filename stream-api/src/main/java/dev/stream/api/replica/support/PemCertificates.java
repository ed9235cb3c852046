package dev.stream.api.replica.support;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates in files that a configuration names. Thread-safe. */
public final class PemCertificates {

  private PemCertificates() {}

  /**
   * Reads a file of certificates.
   *
   * @param label what messages begin with, such as the configuration's key that names the file
   * @return at least one, in the file's order
   * @throws ReplicaException as rejected if there is no such file or no certificate in it
   */
  public static List<Certificate> read(String label, Path file) throws ReplicaException {
    try (InputStream in = Files.newInputStream(file)) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (!found.isEmpty()) {
        return found;
      }
      throw refused(label + " " + file + " holds no certificate in PEM form", null);
    } catch (CertificateException e) {
      throw refused(label + " " + file + " holds no certificate in PEM form", e);
    } catch (ReplicaException e) {
      throw e;
    } catch (IOException e) {
      String why = e.getClass().getSimpleName();
      throw refused(label + " " + file + " cannot be read (" + why + ")", e);
    }
  }

  /**
   * Trust in the authorities of a file and in no others, or in those that Java trusts.
   *
   * @param file null for those that Java trusts
   * @throws ReplicaException as {@link #read}, or if the certificates cannot be used
   */
  public static X509ExtendedTrustManager trust(String label, @Nullable Path file)
      throws ReplicaException {
    try {
      KeyStore store = null;
      if (file != null) {
        store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate each : read(label, file)) {
          store.setCertificateEntry("ca-" + number++, each);
        }
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509ExtendedTrustManager trust) {
          return trust;
        }
      }
      throw new GeneralSecurityException("this Java runtime trusts no X.509 certificates");
    } catch (ReplicaException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw refused(label + ": no trust can be set up: " + e.getMessage(), e);
    }
  }

  private static ReplicaException refused(String what, @Nullable Throwable cause) {
    return new ReplicaException(Reason.REJECTED, what + "; correct the path or the file", cause);
  }
}
