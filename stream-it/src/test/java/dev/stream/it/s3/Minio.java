package dev.stream.it.s3;

import dev.stream.it.backend.Requests;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerMissingException;
import dev.stream.it.server.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** MinIO, for the tests that nothing else will do for. */
final class Minio {

  private Minio() {}

  /** Starts it; where it cannot be had, the test is aborted, which says why. */
  static RunningServer start(MinioRecipe recipe) throws Exception {
    if (InJvmServer.isWanted()) {
      return Assumptions.abort("this test needs MinIO, not " + InJvmServer.WANTED);
    }
    try {
      return Servers.start(recipe);
    } catch (ServerMissingException e) {
      return Assumptions.abort("this test needs MinIO: " + e.getMessage());
    }
  }

  /**
   * As it counts the requests that reached it, refused ones included. An upload in parts is counted
   * when it is completed, so that its parts are not puts of their own.
   */
  static Requests requests(String endpoint) throws IOException {
    URI counters = URI.create(endpoint + "/minio/metrics/v3/api/requests");
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
}
