package dev.stream.core.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica holds, as far as Stream knows that without asking: as of the last time that it
 * listed the replica for its own purposes, once per {@code retention.checkInterval} or more seldom,
 * and what it stored there since. What was deleted since is still told.
 *
 * @param replica its name in the configuration
 * @param listedAt when it was listed; null if it has not been since the start
 * @param generations the generations it has artefacts of, in the order of their birth
 * @param pins the states that have a name
 */
public record ReplicaContents(
    String replica, @Nullable Instant listedAt, List<Generation> generations, List<Pin> pins) {

  /** The same; the lists are copied. */
  public ReplicaContents {
    generations = List.copyOf(generations);
    pins = List.copyOf(pins);
  }

  /**
   * A generation. What was committed between its first snapshot and {@code storedAt} can be
   * restored, unless something is missing or damaged, of which {@code stream verify} tells.
   *
   * @param generation its name
   * @param bornAt when it began
   * @param snapshots its snapshots, in the order of their transactions
   * @param txId its last transaction
   * @param storedAt when the last of its artefacts was stored, by the store's clock
   */
  public record Generation(
      String generation, Instant bornAt, List<Snapshot> snapshots, long txId, Instant storedAt) {

    /** The same; the list is copied. */
    public Generation {
      snapshots = List.copyOf(snapshots);
    }
  }

  /**
   * A snapshot.
   *
   * @param txId the transaction that it is of
   * @param bytes its length
   * @param storedAt when it was stored, by the store's clock
   */
  public record Snapshot(long txId, long bytes, Instant storedAt) {}

  /**
   * A state that has a name, and that retention keeps.
   *
   * @param name its name
   * @param generation the generation of the state
   * @param txId the transaction of the state
   * @param storedAt when the name was given, by the store's clock
   */
  public record Pin(String name, String generation, long txId, Instant storedAt) {}

  /** When the newest snapshot was stored; null if none is known. */
  public @Nullable Instant snapshotAt() {
    for (int i = generations.size() - 1; i >= 0; i--) {
      List<Snapshot> snapshots = generations.get(i).snapshots();
      if (!snapshots.isEmpty()) {
        return snapshots.get(snapshots.size() - 1).storedAt();
      }
    }
    return null;
  }
}
