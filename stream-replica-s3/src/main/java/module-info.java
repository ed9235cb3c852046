/** The replica {@code s3}: S3-compatible object storage. */
@SuppressWarnings({"requires-automatic", "module"})
module dev.stream.replica.s3 {
  requires transitive dev.stream.api;
  requires static com.google.auto.service;
  requires static org.jspecify;
  requires minio;
  requires okhttp3;
  requires okio;

  // What the automatic module minio needs and cannot ask for itself.
  requires com.fasterxml.jackson.databind;
  requires com.google.common;
  requires java.xml;

  exports dev.stream.replica.s3;

  provides dev.stream.api.replica.ReplicaProvider with
      dev.stream.replica.s3.S3ReplicaProvider;
}
