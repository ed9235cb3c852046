package dev.stream.it.s3;

import dev.stream.it.Shell;
import dev.stream.it.backend.Requests;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/**
 * s3proxy in the JVM of the tests, where MinIO cannot be had. It has one owner with all rights, no
 * TLS, and as much room as its disk. {@value #VARIABLE}{@code =s3proxy} in the environment, or the
 * system property {@value #PROPERTY}, has it used even where there is MinIO.
 */
final class InJvmServer implements RunningServer, Counters {

  static final String VARIABLE = "STREAM_TEST_S3";
  static final String PROPERTY = "stream.test.s3";
  static final String WANTED = "s3proxy";

  private final Path folder;
  private final S3LikeStore store;
  private final TcpProxy network;
  private final int port;
  private S3Proxy server;

  private InJvmServer(Path folder) throws Exception {
    this.folder = folder;
    this.store = new S3LikeStore(folder);
    this.server = startAt(0);
    this.port = server.getPort();
    this.network = TcpProxy.to(new InetSocketAddress(loopback(), port));
  }

  /**
   * Starts one.
   *
   * @param why said in the test's output
   */
  static InJvmServer start(String why) throws Exception {
    InJvmServer started = new InJvmServer(Files.createTempDirectory("stream-it-s3proxy"));
    System.out.println("s3: " + started.description() + ", " + why);
    return started;
  }

  /** Whether it is to be used even where there is MinIO. */
  static boolean isWanted() {
    String wanted = System.getProperty(PROPERTY, "");
    if (wanted.isEmpty()) {
      wanted = System.getenv().getOrDefault(VARIABLE, "");
    }
    if (!wanted.isEmpty() && !wanted.equals("minio") && !wanted.equals(WANTED)) {
      throw new IllegalArgumentException(VARIABLE + "='" + wanted + "': it is minio or " + WANTED);
    }
    return wanted.equals(WANTED);
  }

  /** Not the JVM's own loopback address, which may be that of IPv6. */
  private static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private S3Proxy startAt(int wanted) throws Exception {
    S3Proxy started =
        S3Proxy.builder()
            .blobStore(store)
            .awsAuthentication(AuthenticationType.AWS_V4, MinioRecipe.USER, MinioRecipe.SECRET)
            .endpoint(URI.create("http://127.0.0.1:" + wanted))
            .build();
    started.start();
    return started;
  }

  @Override
  public String description() {
    return "s3proxy in this JVM";
  }

  /** The network before it is what is cut and stalled. */
  @Override
  public InetSocketAddress address(int declared) {
    return network.address();
  }

  @Override
  public void kill() throws Exception {
    network.cut();
    server.stop();
  }

  @Override
  public void start() throws Exception {
    server = startAt(port);
    network.mend();
  }

  @Override
  public void pause() {
    network.stall();
  }

  @Override
  public void resume() {
    network.mend();
  }

  @Override
  public String log() {
    return "";
  }

  @Override
  public Requests read() {
    return store.read();
  }

  @Override
  public void close() throws IOException {
    try {
      kill();
    } catch (Exception e) {
      throw new IOException("s3proxy does not stop", e);
    }
    Shell.expect("rm", "-r", folder.toString());
  }
}
