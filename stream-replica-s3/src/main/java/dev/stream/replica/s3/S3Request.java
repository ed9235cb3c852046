package dev.stream.replica.s3;

import java.util.Map;
import java.util.TreeMap;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A request, not signed yet.
 *
 * @param key the object's whole key in the bucket; none for requests to the bucket
 * @param payloadHash SHA-256 of the body in hex, or what stands for it
 */
record S3Request(
    String method,
    @Nullable String key,
    Map<String, String> query,
    Map<String, String> headers,
    @Nullable RequestBody body,
    String payloadHash) {

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  static S3Request of(String method, @Nullable String key) {
    RequestBody body =
        method.equals("PUT") || method.equals("POST") ? RequestBody.create(new byte[0]) : null;
    return new S3Request(method, key, Map.of(), Map.of(), body, EMPTY);
  }

  S3Request query(String name, String value) {
    Map<String, String> more = new TreeMap<>(query);
    more.put(name, value);
    return new S3Request(method, key, more, headers, body, payloadHash);
  }

  S3Request header(String name, String value) {
    return headers(Map.of(name, value));
  }

  S3Request headers(Map<String, String> added) {
    Map<String, String> more = new TreeMap<>(headers);
    more.putAll(added);
    return new S3Request(method, key, query, more, body, payloadHash);
  }

  S3Request body(RequestBody content, String hash) {
    return new S3Request(method, key, query, headers, content, hash);
  }
}
