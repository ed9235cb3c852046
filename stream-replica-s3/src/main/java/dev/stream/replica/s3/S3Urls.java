package dev.stream.replica.s3;

import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import java.util.Map;
import java.util.Set;

/** Buckets as URLs: {@code s3://bucket/prefix?endpoint=minio.example.com}. */
final class S3Urls implements ReplicaUrls {

  @Override
  public Set<String> schemes() {
    return Set.of("s3");
  }

  @Override
  public String example() {
    return "s3://BUCKET/PREFIX?endpoint=HOST&region=REGION";
  }

  @Override
  public String credentials() {
    return "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, which need not be"
        + " named in the URL";
  }

  @Override
  public Map<String, String> settings(ReplicaUrl url) {
    if (url.user() != null) {
      throw new IllegalArgumentException(
          "no key stands before the bucket; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the"
              + " environment");
    }
    if (url.authority().isEmpty() || url.authority().contains(":")) {
      throw new IllegalArgumentException(
          "a bucket alone stands behind s3://; the server is said by ?endpoint=HOST:PORT");
    }
    String prefix = url.trimmedPath();
    return prefix.isEmpty()
        ? Map.of("bucket", url.authority())
        : Map.of("bucket", url.authority(), "prefix", prefix);
  }
}
