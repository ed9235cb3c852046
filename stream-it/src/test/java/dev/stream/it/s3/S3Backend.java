package dev.stream.it.s3;

import dev.stream.api.replica.Replica;
import dev.stream.it.backend.Backend;
import dev.stream.it.backend.Requests;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerMissingException;
import dev.stream.it.server.Servers;
import dev.stream.replica.s3.S3ReplicaConfig;
import dev.stream.replica.s3.S3ReplicaProvider;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Replicas on MinIO, or else on s3proxy. A place is a prefix in its one bucket. */
public final class S3Backend implements Backend {

  static final String BUCKET = "stream-it";

  private final RunningServer server;
  private final Counters counters;

  private S3Backend(RunningServer server, Counters counters) {
    this.server = server;
    this.counters = counters;
  }

  private static S3Backend withBucket(RunningServer server, Counters counters) throws Exception {
    S3Backend backend = new S3Backend(server, counters);
    try (MinioAsyncClient client = backend.client()) {
      client.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build()).get();
      return backend;
    } catch (Throwable e) {
      backend.close();
      throw e;
    }
  }

  /** Starts the server that this machine can run, and makes its bucket. */
  public static S3Backend start() throws Exception {
    if (InJvmServer.isWanted()) {
      return inJvm("as " + InJvmServer.VARIABLE + " says");
    }
    RunningServer minio;
    try {
      minio = Servers.start(MinioRecipe.plain());
    } catch (ServerMissingException e) {
      return inJvm("for want of MinIO: " + e.getMessage());
    }
    return of(minio);
  }

  /** Starts versitygw. */
  public static S3Backend versitygw() throws Exception {
    return uncounted(S3Gateway.VERSITYGW);
  }

  /** Starts {@code rclone serve s3}. */
  public static S3Backend rclone() throws Exception {
    return uncounted(S3Gateway.RCLONE);
  }

  private static S3Backend uncounted(S3Gateway gateway) throws Exception {
    return new S3Backend(
        Servers.startProcess(gateway),
        () -> {
          throw new UnsupportedOperationException("nobody counts");
        });
  }

  /** Starts MinIO; where it cannot be had, the test is aborted. */
  static S3Backend start(MinioRecipe recipe) throws Exception {
    return of(Minio.start(recipe));
  }

  private static S3Backend of(RunningServer minio) throws Exception {
    return withBucket(minio, () -> Minio.requests(endpoint(minio)));
  }

  /** Starts s3proxy, wherever this is. */
  static S3Backend inJvm(String why) throws Exception {
    InJvmServer server = InJvmServer.start(why);
    return withBucket(server, server);
  }

  /** Whether it is MinIO, with all that others lack. */
  boolean isMinio() {
    return !(server instanceof InJvmServer);
  }

  /** The library itself, as the server's owner. */
  MinioAsyncClient client() {
    return MinioAsyncClient.builder()
        .endpoint(endpoint())
        .credentials(MinioRecipe.USER, MinioRecipe.SECRET)
        .build();
  }

  @Override
  public String type() {
    return "s3";
  }

  @Override
  public RunningServer server() {
    return server;
  }

  @Override
  public InetSocketAddress address() {
    return server.address(MinioRecipe.PORT);
  }

  @Override
  public Map<String, Object> config(String place, InetSocketAddress via) {
    return Map.of(
        "endpoint",
        "http://" + hostAndPort(via),
        "bucket",
        BUCKET,
        "prefix",
        place,
        "accessKey",
        MinioRecipe.USER,
        "secretKey",
        MinioRecipe.SECRET);
  }

  /** A replica at a place, with small parts and little patience. */
  Replica open(String place) throws IOException {
    return open(endpoint(), BUCKET, place, MinioRecipe.USER, MinioRecipe.SECRET, null);
  }

  String endpoint() {
    return endpoint(server);
  }

  private static String endpoint(RunningServer server) {
    return "http://" + hostAndPort(server.address(MinioRecipe.PORT));
  }

  /** A replica that is reached through another address, with its own patience. */
  static Replica open(InetSocketAddress via, String place, Duration timeout) throws IOException {
    return open(
        "http://" + hostAndPort(via),
        BUCKET,
        place,
        MinioRecipe.USER,
        MinioRecipe.SECRET,
        null,
        timeout);
  }

  static Replica open(
      String endpoint, String bucket, String place, String user, String secret, String token)
      throws IOException {
    return open(endpoint, bucket, place, user, secret, token, Duration.ofSeconds(20));
  }

  private static Replica open(
      String endpoint,
      String bucket,
      String place,
      String user,
      String secret,
      String token,
      Duration timeout)
      throws IOException {
    return new S3ReplicaProvider()
        .open(
            new S3ReplicaConfig(
                endpoint, null, bucket, place, user, secret, token, null, null, null, null, null,
                null, 5L << 20, timeout));
  }

  static String hostAndPort(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  @Override
  public List<String> secrets() {
    return List.of(MinioRecipe.SECRET);
  }

  @Override
  public Requests requests() throws IOException {
    return counters.read();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
