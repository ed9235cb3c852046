package dev.stream.replica.s3;

import java.util.Map;
import java.util.TreeMap;

/** How the server is asked to keep objects. */
final class StorageOptions {

  private StorageOptions() {}

  /** The headers of a request that creates an object. */
  static Map<String, String> headers(S3ReplicaConfig config) {
    Map<String, String> headers = new TreeMap<>();
    if (config.serverSideEncryption() != null) {
      headers.put("x-amz-server-side-encryption", config.serverSideEncryption());
    }
    if (config.kmsKeyId() != null) {
      headers.put("x-amz-server-side-encryption-aws-kms-key-id", config.kmsKeyId());
    }
    if (config.storageClass() != null) {
      headers.put("x-amz-storage-class", config.storageClass());
    }
    return headers;
  }
}
