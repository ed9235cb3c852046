package dev.stream.replica.s3;

import java.util.Map;
import java.util.Objects;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where the objects are.
 *
 * @param endpoint the server's address, without the bucket
 * @param bucketUrl the bucket's address, ending with a slash
 * @param prefix what all keys start with: empty, or ending with a slash
 */
record S3Location(
    KnownProvider provider,
    String region,
    HttpUrl endpoint,
    HttpUrl bucketUrl,
    String bucket,
    String prefix) {

  /** Works out the location from a configuration and the environment. */
  static S3Location of(S3ReplicaConfig config, Map<String, String> environment) {
    String bucket = config.bucket();
    HttpUrl endpoint;
    String region = config.region();
    if (config.endpoint() == null) {
      region = region != null ? region : regionOf(environment);
      region = region != null ? region : KnownProvider.AMAZON.defaultRegion();
      endpoint = amazon(region);
    } else {
      boolean insecure = Boolean.TRUE.equals(config.insecure());
      endpoint = Objects.requireNonNull(EndpointAddress.parse(config.endpoint(), insecure));
    }
    KnownProvider provider = KnownProvider.of(endpoint.host());
    if (region == null) {
      region = provider.regionIn(endpoint.host());
    }
    if (region == null && provider == KnownProvider.AMAZON) {
      region = regionOf(environment);
    }
    if (region == null) {
      region = provider.defaultRegion();
    }
    if (endpoint.host().equals("s3.amazonaws.com")) {
      // Only the region's own address answers without a redirect.
      endpoint = amazon(region).newBuilder().scheme(endpoint.scheme()).build();
    }
    boolean pathStyle =
        config.forcePathStyle() != null
            ? config.forcePathStyle()
            // A wildcard certificate covers no further dot.
            : provider.pathStyle() || (bucket.contains(".") && endpoint.isHttps());
    String prefix =
        config.prefix() == null ? "" : EndpointAddress.withoutOuterSlashes(config.prefix()) + "/";
    return new S3Location(
        provider, region, endpoint, bucketUrl(endpoint, bucket, pathStyle), bucket, prefix);
  }

  private static @Nullable String regionOf(Map<String, String> environment) {
    String region = environment.get("AWS_REGION");
    region = region != null ? region : environment.get("AWS_DEFAULT_REGION");
    return region == null || region.isBlank() ? null : region.strip();
  }

  private static HttpUrl amazon(String region) {
    String domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return new HttpUrl.Builder().scheme("https").host("s3." + region + "." + domain).build();
  }

  private static HttpUrl bucketUrl(HttpUrl endpoint, String bucket, boolean pathStyle) {
    HttpUrl.Builder url = endpoint.newBuilder();
    if (!pathStyle) {
      return url.host(bucket + "." + endpoint.host()).build();
    }
    return url.addPathSegment(bucket).addPathSegment("").build();
  }

  /** Such as {@code s3:storage.example.com/my-bucket/stream}. */
  String name() {
    String folder = prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1);
    return "s3:" + EndpointAddress.hostAndPort(endpoint) + "/" + bucket + folder;
  }

  /** The text by which messages name the bucket. */
  @Override
  public String toString() {
    String address = endpoint.scheme() + "://" + EndpointAddress.hostAndPort(endpoint);
    return "bucket " + bucket + " at " + address;
  }
}
