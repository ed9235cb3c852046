package dev.stream.it.throughput;

import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** minio-java as its documentation shows it. */
final class PlainS3 implements PlainClient {

  private static final String KEY = "plain";

  private final MinioClient client;
  private final String bucket;

  PlainS3(Map<String, Object> config) {
    String endpoint = PlainClient.text(config, "endpoint");
    if (!endpoint.contains("://")) {
      endpoint = (Boolean.TRUE.equals(config.get("insecure")) ? "http://" : "https://") + endpoint;
    }
    this.client =
        MinioClient.builder()
            .endpoint(endpoint)
            .credentials(
                PlainClient.text(config, "accessKey"), PlainClient.text(config, "secretKey"))
            .build();
    this.bucket = PlainClient.text(config, "bucket");
  }

  @Override
  public String description() {
    return "minio-java, putObject and getObject";
  }

  @Override
  public void put(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      client.putObject(
          PutObjectArgs.builder().bucket(bucket).object(KEY).stream(in, Files.size(file), -1L)
              .build());
    }
  }

  @Override
  public void get(Path file) throws Exception {
    try (InputStream in =
        client.getObject(GetObjectArgs.builder().bucket(bucket).object(KEY).build())) {
      Files.copy(in, file);
    }
  }

  @Override
  public void remove() throws Exception {
    client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(KEY).build());
  }

  @Override
  public void close() throws IOException {
    try {
      client.close();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
