package dev.stream.core.operate;

import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.timeline.Timeline;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * The states of one replica that have a name: whatever retention deletes, they can be restored
 * until the name is taken away. A running Stream need not be told. Safe for use by several threads.
 *
 * <pre>{@code
 * for (ReplicaConfig replica : config.replicas()) {
 *   ReplicaPins.pin(replica, "before-upgrade", RestoreTarget.NEWEST);
 * }
 * }</pre>
 */
public final class ReplicaPins {

  private final ReplicaArchive archive;

  /**
   * The pins of a replica that is open.
   *
   * @param replica left open
   */
  public ReplicaPins(Replica replica) {
    this.archive = new ReplicaArchive(replica);
  }

  /**
   * Pins a state of a replica of a configuration.
   *
   * @throws IllegalArgumentException if the name has not the form of {@link PinDescriptor#isName}
   * @throws IOException as {@link #pin(String, RestoreTarget)}, or if the replica cannot be opened
   */
  public static PinDescriptor pin(ReplicaConfig config, String name, RestoreTarget state)
      throws IOException {
    try (Replica replica = config.open()) {
      return new ReplicaPins(replica).pin(name, state);
    }
  }

  /**
   * Takes a name from a state of a replica of a configuration.
   *
   * @return the pins that were removed; none if nothing has the name
   * @throws IOException if the replica cannot be opened or listed, or does not delete
   */
  public static List<PinDescriptor> unpin(ReplicaConfig config, String name) throws IOException {
    try (Replica replica = config.open()) {
      return new ReplicaPins(replica).unpin(name);
    }
  }

  /**
   * All pins there are, in the order of their states.
   *
   * @throws IOException if the replica cannot be listed
   */
  public List<PinDescriptor> all() throws IOException {
    return archive.list().pins();
  }

  /**
   * Gives a state a name and keeps it. One that has the name already is left as it is.
   *
   * @throws IllegalArgumentException if the name has not the form of {@link PinDescriptor#isName}
   * @throws IOException if there is no such state, another one has the name, or the replica cannot
   *     be read or written
   */
  public PinDescriptor pin(String name, RestoreTarget state) throws IOException {
    ArchiveListing listing = archive.list();
    RestoreDecision decision = Timeline.of(archive, listing).find(state).decision();
    if (decision instanceof RestorePlanProblem problem) {
      throw new IOException("there is no such state to pin: " + problem.message());
    }
    RestorePlan plan = (RestorePlan) decision;
    for (PinDescriptor taken : listing.pins(name)) {
      if (!taken.generation().equals(plan.generation()) || taken.txId() != plan.txId()) {
        throw new IOException(
            "the name \""
                + name
                + "\" is taken: it is transaction "
                + taken.txId()
                + " of generation "
                + taken.generation()
                + ". Take another one, or run 'stream unpin "
                + name
                + "' first");
      }
      return taken;
    }
    PinDescriptor pin = archive.pin(name, plan.generation(), plan.txId(), Instant.now());
    RestoreTarget same = new RestoreTarget.Transaction(pin.generation(), pin.txId());
    if (RestorePlanner.plan(archive.list(), same) instanceof RestorePlanProblem problem) {
      archive.delete(List.of(pin.key())); // a prune had begun before the pin was stored
      throw new IOException(
          "the state was deleted while it was being pinned: " + problem.message());
    }
    return pin;
  }

  /**
   * Takes a name away. Retention then treats the state like any other.
   *
   * @return the pins that were removed; none if nothing has the name
   * @throws IOException if the replica cannot be listed, or does not delete
   */
  public List<PinDescriptor> unpin(String name) throws IOException {
    List<PinDescriptor> pins = archive.list().pins(name);
    archive.delete(pins.stream().map(PinDescriptor::key).toList());
    return pins;
  }
}
