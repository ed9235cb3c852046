/** The replica {@code legacy}, as somebody else published it for stream-api 0.1.0. */
module org.example.legacy {
  requires dev.stream.api;

  exports org.example.legacy;

  provides dev.stream.api.replica.ReplicaProvider with
      org.example.legacy.LegacyReplicaProvider;
}
