package dev.stream.it.s3;

import dev.stream.api.replica.Replica;
import dev.stream.it.backend.Backend;
import dev.stream.it.backend.Requests;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import dev.stream.replica.s3.S3ReplicaConfig;
import dev.stream.replica.s3.S3ReplicaProvider;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Replicas on MinIO. A place is a prefix in its one bucket. */
public final class S3Backend implements Backend {

  static final String BUCKET = "stream-it";

  private final RunningServer server;

  private S3Backend(RunningServer server) {
    this.server = server;
  }

  /** Starts the server and makes its bucket. */
  public static S3Backend start() throws Exception {
    return start(MinioRecipe.plain());
  }

  static S3Backend start(MinioRecipe recipe) throws Exception {
    S3Backend backend = new S3Backend(Servers.start(recipe));
    try (MinioAsyncClient client = backend.client()) {
      client.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build()).get();
    } catch (Throwable e) {
      backend.close();
      throw e;
    }
    return backend;
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
    return "http://" + hostAndPort(address());
  }

  static Replica open(
      String endpoint, String bucket, String place, String user, String secret, String token)
      throws IOException {
    return new S3ReplicaProvider()
        .open(
            new S3ReplicaConfig(
                endpoint,
                null,
                bucket,
                place,
                user,
                secret,
                token,
                null,
                null,
                null,
                null,
                null,
                null,
                5L << 20,
                Duration.ofSeconds(20)));
  }

  static String hostAndPort(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  @Override
  public List<String> secrets() {
    return List.of(MinioRecipe.SECRET);
  }

  /**
   * As MinIO counts the requests that reached it, refused ones included. An upload in parts is
   * counted when it is completed, so that its parts are not puts of their own.
   */
  @Override
  public Requests requests() throws IOException {
    URI counters = URI.create(endpoint() + "/minio/metrics/v3/api/requests");
    String text;
    try (InputStream in = counters.toURL().openStream()) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return new Requests(
        count(text, "PutObject") + count(text, "CompleteMultipartUpload"),
        count(text, "ListObjectsV1") + count(text, "ListObjectsV2"));
  }

  private static long count(String counters, String request) {
    return Arrays.stream(counters.split("\n", -1))
        .filter(line -> line.startsWith("minio_api_requests_total{name=\"" + request + "\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
