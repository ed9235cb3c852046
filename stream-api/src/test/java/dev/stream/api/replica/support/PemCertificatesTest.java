package dev.stream.api.replica.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PemCertificatesTest {

  @TempDir Path folder;

  @Test
  void onlyTheAuthoritiesOfTheFileAreTrusted() throws Exception {
    X509ExtendedTrustManager usual = PemCertificates.trust("caFile", null);
    X509Certificate[] known = usual.getAcceptedIssuers();
    assertThat(known).hasSizeGreaterThan(1);
    byte[] encoded = known[0].getEncoded();
    Path file =
        Files.writeString(
            folder.resolve("ca.pem"),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(encoded)
                + "\n-----END CERTIFICATE-----\n");
    assertThat(PemCertificates.read("caFile", file)).containsExactly(known[0]);
    assertThat(PemCertificates.trust("caFile", file).getAcceptedIssuers())
        .containsExactly(known[0]);
  }

  @Test
  void aFileThatHoldsNoneIsRefused() throws Exception {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path other = Files.writeString(folder.resolve("other.pem"), "a-secret");
    for (Path file : new Path[] {missing, empty, other}) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> PemCertificates.trust("caFile", file));
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure)
          .hasMessageStartingWith("caFile " + file)
          .message()
          .doesNotContain("a-secret");
    }
  }
}
