package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Buckets of a JetStream object store as URLs: {@code nats://host:4222/bucket/prefix}. */
final class NatsUrls implements ReplicaUrls {

  @Override
  public Set<String> schemes() {
    return Set.of("nats", "tls");
  }

  @Override
  public String example() {
    return "nats://HOST,HOST:PORT/BUCKET/PREFIX?creds=FILE";
  }

  @Override
  public String credentials() {
    return "Name the file of the credentials with ?creds=FILE or ?nkey=FILE";
  }

  @Override
  public Map<String, String> settings(ReplicaUrl url) {
    if (url.user() != null) { // it might be a token, by the customs of NATS
      throw new IllegalArgumentException(
          "no user or token stands before the server; write ?creds=FILE, ?nkey=FILE,"
              + " '?token=${NAME}' or '?user=USER&password=${NAME}'");
    }
    String place = url.trimmedPath();
    int slash = place.indexOf('/');
    String bucket = slash < 0 ? place : place.substring(0, slash);
    if (url.authority().isBlank() || bucket.isEmpty()) {
      throw new IllegalArgumentException(
          "it names no bucket on a server, as nats://HOST:4222/BUCKET does");
    }
    String servers =
        Arrays.stream(url.authority().split(",", -1))
            .map(server -> url.scheme() + "://" + server)
            .collect(Collectors.joining(","));
    return slash < 0
        ? Map.of("url", servers, "bucket", bucket)
        : Map.of("url", servers, "bucket", bucket, "prefix", place.substring(slash + 1));
  }
}
