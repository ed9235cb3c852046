package dev.stream.it.s3;

import dev.stream.it.server.Certificates;
import dev.stream.it.server.Layout;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerFile;
import dev.stream.it.server.ServerRecipe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * MinIO on one folder, with its request counters readable by everybody.
 *
 * @param limit most bytes of its data; empty for no bound
 * @param tls its certificate and key, by the names that MinIO looks for; empty for plain http
 */
record MinioRecipe(OptionalLong limit, Map<String, ServerFile> tls) implements ServerRecipe {

  static final int PORT = 9000;
  static final String USER = "stream-root";
  static final String SECRET = "the-root-secret";

  static MinioRecipe plain() {
    return new MinioRecipe(OptionalLong.empty(), Map.of());
  }

  /** By https alone. */
  static MinioRecipe encrypted(Certificates certificates) throws GeneralSecurityException {
    return new MinioRecipe(
        OptionalLong.empty(),
        Map.of(
            "public.crt", file(certificates.certificate(), 0644),
            "private.key", file(certificates.key(), 0600)));
  }

  private static ServerFile file(String pem, int mode) {
    return new ServerFile(pem.getBytes(StandardCharsets.US_ASCII), mode);
  }

  @Override
  public String name() {
    return "minio";
  }

  @Override
  public List<Integer> ports() {
    return List.of(PORT);
  }

  @Override
  public Map<String, ServerFile> files(Layout layout) {
    return tls;
  }

  @Override
  public List<String> command(Layout layout) {
    String certificates = Path.of(layout.file("public.crt")).getParent().toString();
    return List.of(
        "minio",
        "server",
        "--quiet",
        "--certs-dir",
        certificates,
        "--address",
        layout.bind() + ":" + layout.port(PORT),
        layout.data());
  }

  @Override
  public Map<String, String> environment(Layout layout) {
    return Map.of(
        "MINIO_ROOT_USER",
        USER,
        "MINIO_ROOT_PASSWORD",
        SECRET,
        "MINIO_PROMETHEUS_AUTH_TYPE",
        "public",
        "MINIO_BROWSER",
        "off");
  }

  @Override
  public OptionalLong dataLimit() {
    return limit;
  }

  /**
   * Its page of health says yes before it knows its users; who asks for the buckets without a name
   * is denied only by a server that does. With TLS too, whoever speaks plain http is answered, if
   * only to be told off.
   */
  @Override
  public boolean isReady(RunningServer server) throws Exception {
    InetSocketAddress address = server.address(PORT);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(5000);
      String request = "GET / HTTP/1.0\r\nHost: minio\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.contains(tls.isEmpty() ? " 403 " : " 400 ");
    } catch (IOException e) {
      return false;
    }
  }
}
