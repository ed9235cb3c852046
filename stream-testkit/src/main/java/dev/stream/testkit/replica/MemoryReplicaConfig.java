package dev.stream.testkit.replica;

/**
 * Configuration of a replica in memory.
 *
 * @param store name of the store; replicas of one name share it
 */
public record MemoryReplicaConfig(String store) {

  /** Validates the name. */
  public MemoryReplicaConfig {
    if (store == null || store.isBlank()) {
      throw new IllegalArgumentException("store must name the store, such as \"test\"");
    }
  }
}
