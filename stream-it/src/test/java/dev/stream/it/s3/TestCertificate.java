package dev.stream.it.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.server.ServerFile;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;

/**
 * A certificate that signs itself, for this machine's loopback address.
 *
 * @param certificate PEM
 * @param key PEM
 */
record TestCertificate(String certificate, String key) {

  private static final char[] PASSWORD = "for-this-test".toCharArray();

  /** Makes one, with the JDK's own tool. */
  static TestCertificate make(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1,DNS:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Key key = keys.getKey("server", PASSWORD);
    return new TestCertificate(
        pem("CERTIFICATE", keys.getCertificate("server").getEncoded()),
        pem("PRIVATE KEY", key.getEncoded()));
  }

  /** The files that MinIO reads. */
  Map<String, ServerFile> files() {
    return Map.of(
        "public.crt", new ServerFile(certificate.getBytes(StandardCharsets.US_ASCII), 0644),
        "private.key", new ServerFile(key.getBytes(StandardCharsets.US_ASCII), 0600));
  }

  private static String pem(String what, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }
}
