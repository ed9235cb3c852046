/** The replica {@code webdav} for Stream: a collection on a WebDAV server. */
module org.example.stream.webdav {
  requires transitive dev.stream.api;
  requires java.net.http;
  requires java.xml;
  requires static org.jspecify;

  exports org.example.stream.webdav;

  provides dev.stream.api.replica.ReplicaProvider with
      org.example.stream.webdav.WebdavReplicaProvider;
}
