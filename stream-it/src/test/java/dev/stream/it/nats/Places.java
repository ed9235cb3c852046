package dev.stream.it.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.replica.nats.NatsReplicaConfig;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Replicas as these tests open them, and short words for what they do. */
final class Places {

  static final String BUCKET = "backups";

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private Places() {}

  static Replica asUser(String url, String user, String password) throws Exception {
    return open(url, null, null, null, user, password, null);
  }

  static Replica asFullUser(String url) throws Exception {
    return asUser(url, NatsRecipe.USER, NatsRecipe.PASSWORD);
  }

  static Replica inDomain(String url, String domain) throws Exception {
    return open(
        new NatsReplicaConfig(
            url,
            BUCKET,
            domain,
            null,
            null,
            null,
            null,
            NatsRecipe.USER,
            NatsRecipe.PASSWORD,
            null,
            null,
            null,
            TIMEOUT));
  }

  static Replica withToken(String url, String token) throws Exception {
    return open(url, null, null, token, null, null, null);
  }

  static Replica withCreds(String url, Path creds) throws Exception {
    return open(url, creds, null, null, null, null, null);
  }

  static Replica withNkey(String url, Path seed) throws Exception {
    return open(url, null, seed, null, null, null, null);
  }

  static Replica trusting(String url, Path rootCAs) throws Exception {
    return open(url, null, null, null, NatsRecipe.USER, NatsRecipe.PASSWORD, rootCAs);
  }

  private static Replica open(
      String url, Path creds, Path nkey, String token, String user, String password, Path rootCAs)
      throws Exception {
    return open(
        new NatsReplicaConfig(
            url, BUCKET, null, null, creds, nkey, token, user, password, rootCAs, null, null,
            TIMEOUT));
  }

  /** Found as the core finds it. */
  static Replica open(NatsReplicaConfig config) throws Exception {
    for (ReplicaProvider<?> each : ServiceLoader.load(ReplicaProvider.class)) {
      if (each.type().equals("nats")) {
        return open(each, config);
      }
    }
    throw new AssertionError("no provider of the type nats");
  }

  @SuppressWarnings("unchecked")
  private static Replica open(ReplicaProvider<?> provider, NatsReplicaConfig config)
      throws Exception {
    return ((ReplicaProvider<NatsReplicaConfig>) provider).open(config);
  }

  static ObjectKey key(String key) {
    return new ObjectKey(key);
  }

  static void put(Replica replica, String key, byte[] content) throws Exception {
    replica.put(key(key), Bodies.of(content));
  }

  static byte[] read(Replica replica, String key) throws Exception {
    return read(replica, key, 0, Long.MAX_VALUE);
  }

  static byte[] read(Replica replica, String key, long offset, long length) throws Exception {
    try (InputStream in = replica.open(key(key), offset, length)) {
      return in.readAllBytes();
    }
  }

  static List<String> keys(Replica replica) throws Exception {
    List<String> keys = new ArrayList<>();
    try (ObjectListing listing = replica.list("")) {
      while (listing.hasNext()) {
        keys.add(listing.next().key().value());
      }
    }
    return keys;
  }

  /** It fails for this reason, and shows no secret. */
  static ReplicaException assertRefused(ReplicaException.Reason reason, ThrowingCallable attempt) {
    Throwable thrown = catchThrowable(attempt);
    assertThat(thrown).isInstanceOf(ReplicaException.class);
    ReplicaException failure = (ReplicaException) thrown;
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
    for (Throwable each = failure; each != null; each = each.getCause()) {
      assertThat(each.toString())
          .doesNotContain(NatsRecipe.PASSWORD)
          .doesNotContain(NatsRecipe.READER_PASSWORD);
    }
    return failure;
  }
}
