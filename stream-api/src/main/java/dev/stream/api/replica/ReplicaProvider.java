package dev.stream.api.replica;

import java.io.IOException;
import java.util.Optional;

/**
 * Makes replicas of one type; found with {@link java.util.ServiceLoader}.
 *
 * @param <C> a public record whose components are the configuration keys; its constructor validates
 *     them and throws {@link IllegalArgumentException} with a message that starts with the key
 */
public interface ReplicaProvider<C> {

  /** The value of {@code "type"} in the configuration: {@code [a-z][a-z0-9-]*}. */
  String type();

  /** The configuration record. */
  Class<C> configType();

  /**
   * Opens the replica. Must not create or change anything in the store that outlives a failed
   * start; a replica that cannot be reached may be reported here or on the first operation.
   */
  Replica open(C config) throws IOException;

  /**
   * How replicas of this type are named by URLs; empty if they are not, and need a configuration.
   * That is so unless the provider says otherwise.
   */
  default Optional<ReplicaUrls> urls() {
    return Optional.empty();
  }
}
