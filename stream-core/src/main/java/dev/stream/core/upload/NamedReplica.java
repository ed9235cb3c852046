package dev.stream.core.upload;

import dev.stream.api.replica.Replica;

/**
 * A replica with its name in the configuration.
 *
 * @param name what people call it
 * @param replica the store
 */
public record NamedReplica(String name, Replica replica) {}
