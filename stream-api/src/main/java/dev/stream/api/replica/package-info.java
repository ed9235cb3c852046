/**
 * Where artefacts are kept: an object store reduced to put, read, list and delete.
 *
 * <p>A replica stores objects under keys and knows nothing of generations, snapshots, segments or
 * retention; those exist once, in the core. A backend implements {@link
 * dev.stream.api.replica.Replica} and {@link dev.stream.api.replica.ReplicaProvider} and proves
 * itself with the contract test of {@code stream-testkit}.
 */
@NullMarked
package dev.stream.api.replica;

import org.jspecify.annotations.NullMarked;
