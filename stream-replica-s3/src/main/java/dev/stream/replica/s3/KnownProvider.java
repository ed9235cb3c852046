package dev.stream.replica.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to the providers of S3, in one table. A provider is known by its host name;
 * MinIO and Ceph are self-hosted under any name, so that {@link #OTHER} is what suits both.
 *
 * <p>What holds for all, so that no provider needs a column for it:
 *
 * <ul>
 *   <li>No checksum trailers and no {@code x-amz-checksum-*} headers are sent: servers from before
 *       2025 refuse them (https://github.com/aws/aws-sdk-java-v2/discussions/5802).
 *   <li>All parts but the last have one size, which R2 demands
 *       (https://developers.cloudflare.com/r2/objects/multipart-objects/).
 *   <li>Listings must be in the order of keys. Directory buckets of Amazon (S3 Express) are not
 *       (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html) and are refused
 *       when they show it.
 *   <li>{@code If-None-Match} is not used: B2 does not know it
 *       (https://www.backblaze.com/docs/cloud-storage-s3-compatible-api).
 *   <li>MinIO lists unfinished uploads of one key only, never of a prefix
 *       (https://github.com/minio/minio/issues/20989), and removes stale ones itself after a day.
 * </ul>
 */
enum KnownProvider {
  /**
   * Host-style addresses
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html); over plain http
   * its own clients sign the payload
   * (https://github.com/boto/botocore/blob/develop/botocore/auth.py).
   */
  AMAZON(
      "(?:.*\\.)?s3[.-](?:dualstack\\.|fips\\.)?(?:([a-z0-9-]+)\\.)?amazonaws\\.com(?:\\.cn)?",
      "us-east-1",
      false,
      true,
      true),

  /** One region, "auto" (https://developers.cloudflare.com/r2/api/s3/api/). */
  CLOUDFLARE_R2(".*\\.r2\\.cloudflarestorage\\.com", "auto", true, true, false),

  /**
   * The region is in the host name
   * (https://www.backblaze.com/docs/cloud-storage-call-the-s3-compatible-api).
   */
  BACKBLAZE_B2("s3\\.([a-z0-9-]+)\\.backblazeb2\\.com", "us-west-004", true, true, false),

  /**
   * Any region (https://cloud.google.com/storage/docs/interoperability). Deleting many at once is
   * documented (https://cloud.google.com/storage/docs/xml-api/post-bucket) but was seen refused as
   * not implemented, now and then (https://github.com/earth-mover/icechunk/issues/2003,
   * https://github.com/supabase/storage/issues/898).
   */
  GOOGLE("storage\\.googleapis\\.com", "auto", true, false, false),

  /**
   * MinIO, Ceph and whatever else: both accept any region unless they are configured with one,
   * expect the bucket in the path unless a domain is set up for them
   * (https://docs.ceph.com/en/latest/radosgw/s3/commons/), and take an unsigned payload over plain
   * http.
   */
  OTHER(".*", "us-east-1", true, true, false);

  private final Pattern host;
  private final String defaultRegion;
  private final boolean pathStyle;
  private final boolean deletesBatches;
  private final boolean signsPlainPayload;

  KnownProvider(
      String host,
      String defaultRegion,
      boolean pathStyle,
      boolean deletesBatches,
      boolean signsPlainPayload) {
    this.host = Pattern.compile(host);
    this.defaultRegion = defaultRegion;
    this.pathStyle = pathStyle;
    this.deletesBatches = deletesBatches;
    this.signsPlainPayload = signsPlainPayload;
  }

  /** The provider of a host. */
  static KnownProvider of(String host) {
    for (KnownProvider provider : values()) {
      if (provider.host.matcher(host).matches()) {
        return provider;
      }
    }
    return OTHER;
  }

  /** The region that the host name tells; null if it does not. */
  @Nullable String regionIn(String name) {
    Matcher matcher = host.matcher(name);
    return matcher.matches() && matcher.groupCount() > 0 ? matcher.group(1) : null;
  }

  /** The region to sign for if nobody says one. */
  String defaultRegion() {
    return defaultRegion;
  }

  /** Whether the bucket is named in the path rather than in the host name. */
  boolean pathStyle() {
    return pathStyle;
  }

  /** Whether many objects can be deleted by one request. */
  boolean deletesBatches() {
    return deletesBatches;
  }

  /** Whether objects sent over plain http must be signed, which reads them twice. */
  boolean signsPlainPayload() {
    return signsPlainPayload;
  }
}
