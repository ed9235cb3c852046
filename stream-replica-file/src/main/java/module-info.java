/** The replica {@code file}: a folder. */
@SuppressWarnings("requires-automatic")
module dev.stream.replica.file {
  requires transitive dev.stream.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.stream.replica.file;

  provides dev.stream.api.replica.ReplicaProvider with
      dev.stream.replica.file.FileReplicaProvider;
}
