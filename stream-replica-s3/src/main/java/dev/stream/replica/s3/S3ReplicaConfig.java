package dev.stream.replica.s3;

import dev.stream.api.config.Secret;
import dev.stream.api.replica.ObjectKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a replica in S3-compatible object storage. Everything but the bucket may be left
 * out.
 *
 * @param endpoint {@code host}, {@code host:port} or an http(s) URL; Amazon S3 in the region if
 *     absent
 * @param region the bucket's region; by default the one in the endpoint's name, else the
 *     environment's, else the provider's usual one
 * @param bucket the bucket, which has to exist
 * @param prefix folder-like prefix of all objects in the bucket; none if absent
 * @param accessKey key id; with {@code secretKey} or not at all, in which case the environment's
 *     credentials are used
 * @param secretKey the secret to {@code accessKey}
 * @param sessionToken goes with temporary keys
 * @param insecure plain http instead of https, where the endpoint is no URL; nothing then protects
 *     the data on its way
 * @param forcePathStyle whether the bucket is named in the path instead of the host name; by
 *     default only with providers other than Amazon
 * @param caFile PEM file with the certificates to trust instead of the system's
 * @param serverSideEncryption {@code AES256} or {@code aws:kms}; the bucket's default if absent
 * @param kmsKeyId key for {@code aws:kms}; the account's default key if absent
 * @param storageClass such as {@code STANDARD_IA}; the bucket's default if absent
 * @param partSize bytes of a part of a multi-part upload, from 5 MiB to 5 GiB; objects no larger
 *     than that are stored with one request. 16 MiB if absent
 * @param timeout how long the server may be silent before a request fails, from a second to an
 *     hour; a minute if absent
 */
public record S3ReplicaConfig(
    @Nullable String endpoint,
    @Nullable String region,
    String bucket,
    @Nullable String prefix,
    @Nullable String accessKey,
    @Secret @Nullable String secretKey,
    @Secret @Nullable String sessionToken,
    @Nullable Boolean insecure,
    @Nullable Boolean forcePathStyle,
    @Nullable Path caFile,
    @Nullable String serverSideEncryption,
    @Nullable String kmsKeyId,
    @Nullable String storageClass,
    @Nullable Long partSize,
    @Nullable Duration timeout) {

  private static final Pattern BUCKET =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  /** Leaves room for a whole {@link ObjectKey} within the 1024 bytes that S3 allows. */
  private static final int LONGEST_PREFIX = 500;

  private static final long LEAST_PART = 5L << 20;
  private static final long LARGEST_PART = 5L << 30;

  /** Validates each key, and those that belong together. */
  public S3ReplicaConfig {
    checkBucket(bucket);
    if (endpoint != null) {
      checkEndpoint(endpoint, insecure);
    } else if (Boolean.TRUE.equals(insecure)) {
      throw new IllegalArgumentException("insecure needs an endpoint; Amazon S3 is asked by https");
    }
    checkWord("region", region, "us-east-1");
    checkWord("storageClass", storageClass, "STANDARD_IA");
    if (prefix != null) {
      checkPrefix(prefix);
    }
    checkKeys(accessKey, secretKey, sessionToken);
    checkEncryption(serverSideEncryption, kmsKeyId);
    if (partSize != null && (partSize < LEAST_PART || partSize > LARGEST_PART)) {
      throw new IllegalArgumentException(
          "partSize must be from " + LEAST_PART + " (5 MiB) to " + LARGEST_PART + " (5 GiB) bytes");
    }
    if (timeout != null
        && (timeout.compareTo(Duration.ofSeconds(1)) < 0
            || timeout.compareTo(Duration.ofHours(1)) > 0)) {
      throw new IllegalArgumentException("timeout must be from \"1s\" to \"1h\"");
    }
  }

  /** Only the bucket, with everything else from the environment. */
  public static S3ReplicaConfig ofBucket(String bucket) {
    return new S3ReplicaConfig(
        null, null, bucket, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  @Override
  public String toString() {
    return String.format(
        "S3ReplicaConfig[endpoint=%s, region=%s, bucket=%s, prefix=%s, keys=%s]",
        endpoint, region, bucket, prefix, secretKey == null ? "of the environment" : "configured");
  }

  private static void checkBucket(@Nullable String bucket) {
    // Configuration comes from outside the compiler's sight.
    if (bucket == null || bucket.isBlank()) {
      throw new IllegalArgumentException("bucket must name a bucket, such as \"my-backups\"");
    }
    if (bucket.contains("/")) {
      throw new IllegalArgumentException(
          "bucket must be the name alone; what follows the bucket goes into prefix");
    }
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException(
          "bucket must be 3 to 63 letters, digits, '.', '_' and '-', beginning and ending with a"
              + " letter or digit");
    }
  }

  private static void checkEndpoint(String endpoint, @Nullable Boolean insecure) {
    HttpUrl url = EndpointAddress.parse(endpoint, Boolean.TRUE.equals(insecure));
    if (url == null) {
      throw new IllegalArgumentException(
          "endpoint must be a host, host:port or an http(s) URL, such as \"minio.example.com\"");
    }
    if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      throw new IllegalArgumentException(
          "endpoint must not hold credentials; use accessKey and secretKey");
    }
    if (!url.encodedPath().equals("/") || url.encodedQuery() != null || url.fragment() != null) {
      throw new IllegalArgumentException(
          "endpoint must have no path; the bucket goes into bucket, what follows it into prefix");
    }
    if (endpoint.startsWith("https:") && Boolean.TRUE.equals(insecure)) {
      throw new IllegalArgumentException("insecure contradicts the endpoint, which says https");
    }
  }

  private static void checkWord(String key, @Nullable String value, String example) {
    if (value != null && !WORD.matcher(value).matches()) {
      throw new IllegalArgumentException(
          key + " must be letters, digits, '_' and '-', such as \"" + example + "\"");
    }
  }

  private static void checkPrefix(String prefix) {
    String plain = EndpointAddress.withoutOuterSlashes(prefix);
    if (!ObjectKey.isValid(plain) || plain.length() > LONGEST_PREFIX) {
      throw new IllegalArgumentException(
          String.format(
              "prefix must be parts of letters, digits, '.', '_' and '-', separated by single '/',"
                  + " at most %d characters, such as \"stream/app\"",
              LONGEST_PREFIX));
    }
  }

  private static void checkKeys(
      @Nullable String accessKey, @Nullable String secretKey, @Nullable String sessionToken) {
    if (accessKey != null && accessKey.isBlank()) {
      throw new IllegalArgumentException("accessKey is empty; leave it out to use the environment");
    }
    if (secretKey != null && secretKey.isBlank()) {
      throw new IllegalArgumentException("secretKey is empty; leave it out to use the environment");
    }
    if (accessKey != null && secretKey == null) {
      throw new IllegalArgumentException("secretKey is missing; it belongs to accessKey");
    }
    if (secretKey != null && accessKey == null) {
      throw new IllegalArgumentException("accessKey is missing; it belongs to secretKey");
    }
    if (sessionToken != null && (secretKey == null || sessionToken.isBlank())) {
      throw new IllegalArgumentException(
          "sessionToken must have a value and goes with accessKey and secretKey");
    }
  }

  private static void checkEncryption(
      @Nullable String serverSideEncryption, @Nullable String kmsKeyId) {
    if (serverSideEncryption != null
        && !serverSideEncryption.equals("AES256")
        && !serverSideEncryption.equals("aws:kms")) {
      throw new IllegalArgumentException("serverSideEncryption must be \"AES256\" or \"aws:kms\"");
    }
    if (kmsKeyId != null && !"aws:kms".equals(serverSideEncryption)) {
      throw new IllegalArgumentException("kmsKeyId needs \"serverSideEncryption\": \"aws:kms\"");
    }
    if (kmsKeyId != null && !kmsKeyId.matches("[!-~]+")) {
      throw new IllegalArgumentException("kmsKeyId must be a key's id, alias or ARN");
    }
  }
}
