package dev.stream.testkit.replica;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replica that passes everything to another one, except for the faults it is told to show; for
 * tests of what stands on a replica. Thread-safe.
 *
 * <p>Faults come from three places, asked in this order: an outage ({@link #down}), the script
 * ({@link #next}), and chance ({@link #chaos}). Chance is a function of the seed, the operation,
 * its object and how often that was tried, so that a run repeats however its threads interleave.
 * Besides, the replica can run full ({@link #capacity}) and list late ({@link #listLate}).
 */
public final class FaultyReplica implements Replica {

  private final Replica inner;
  private final FaultScript script;
  private final LateListing late = new LateListing();
  private final StoreCapacity space = new StoreCapacity();
  private final OperationCounts counts = new OperationCounts();

  private FaultyReplica(Replica inner, long seed) {
    this.inner = inner;
    this.script = new FaultScript(seed);
  }

  /** A replica that is sound until told otherwise. */
  public static FaultyReplica over(Replica inner) {
    return new FaultyReplica(inner, 0);
  }

  /** A replica that is sound until told otherwise; the seed is that of {@link #chaos}. */
  public static FaultyReplica over(Replica inner, long seed) {
    return new FaultyReplica(inner, seed);
  }

  /**
   * The next operations of this kind show these faults, one each, after those already asked for.
   */
  public FaultyReplica next(Operation operation, Fault... faults) {
    script.next(operation, List.of(faults));
    return this;
  }

  /** Stalls the next operation of this kind until the returned stall is released. */
  public Stall stallNext(Operation operation) {
    Stall stall = new Stall();
    next(operation, Fault.stalled(stall));
    return stall;
  }

  /** From now on each operation shows one of the faults with this probability; 0 ends it. */
  public FaultyReplica chaos(double probability, Fault... faults) {
    script.chaos(probability, List.of(faults));
    return this;
  }

  /** From now on nothing can be reached. */
  public FaultyReplica down() {
    return down(Reason.UNAVAILABLE);
  }

  /** From now on every operation fails for this reason. */
  public FaultyReplica down(Reason reason) {
    script.outage(reason);
    return this;
  }

  /** Ends {@link #down}. */
  public FaultyReplica up() {
    script.outage(null);
    return this;
  }

  /**
   * Puts fail as unavailable where the objects stored through this instance would exceed so many
   * bytes; {@link Long#MAX_VALUE} lifts it.
   */
  public FaultyReplica capacity(long bytes) {
    space.limit(bytes);
    return this;
  }

  /**
   * Breaks the promise that listings are fresh: an object stored from now on is missing from the
   * next {@code listings} listings. 0 makes all objects visible at once.
   */
  public FaultyReplica listLate(int listings) {
    late.by(listings);
    return this;
  }

  /** How often an operation was asked for, faults included. */
  public int count(Operation operation) {
    return counts.asked(operation);
  }

  /** How often an operation failed. */
  public int failures(Operation operation) {
    return counts.failed(operation);
  }

  /** The keys whose put returned, in that order. */
  public List<ObjectKey> stored() {
    return counts.stored();
  }

  /** The bytes of the objects whose put returned. */
  public long storedBytes() {
    return counts.storedBytes();
  }

  /** The replica behind, which shows no faults. */
  public Replica inner() {
    return inner;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return store(key, body, inner::put);
  }

  /** Counts, fails and takes room as {@link Operation#PUT}. */
  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return store(key, body, inner::create);
  }

  @Override
  public boolean createsExclusively() {
    return inner.createsExclusively();
  }

  @Override
  public void protectLike(Path database) {
    inner.protectLike(database);
  }

  @Override
  public List<String> warnings() throws IOException {
    return inner.warnings();
  }

  /** One of the two ways to store an object. */
  private interface Storing {
    ObjectInfo store(ObjectKey key, ObjectBody body) throws IOException;
  }

  private ObjectInfo store(ObjectKey key, ObjectBody body, Storing storing) throws IOException {
    ObjectInfo info =
        counts.count(
            Operation.PUT,
            () -> {
              Fault fault = script.draw(Operation.PUT, key.value());
              before(fault, Operation.PUT, key.value());
              space.reserve(key, body.size());
              ObjectInfo stored;
              try {
                stored = storing.store(key, faultyBody(fault, key, body));
              } catch (IOException | RuntimeException e) {
                space.giveBack(key);
                throw e;
              }
              space.confirm(key);
              late.stored(key);
              after(fault, Operation.PUT, key.value());
              return stored;
            });
    counts.stored(info);
    return info;
  }

  private static ObjectBody faultyBody(@Nullable Fault fault, ObjectKey key, ObjectBody body) {
    if (fault instanceof Fault.Torn torn) {
      return tearing(body, torn.afterBytes(), () -> connectionLost(Operation.PUT, key.value()));
    }
    if (fault instanceof Fault.Stalled stalled && stalled.afterBytes() > 0) {
      return tearing(body, stalled.afterBytes(), stalled.stall()::hold);
    }
    return body;
  }

  private static ObjectBody tearing(ObjectBody body, long afterBytes, TornStream.Tear tear) {
    return new ObjectBody() {
      @Override
      public long size() {
        return body.size();
      }

      @Override
      public InputStream open() throws IOException {
        return new TornStream(body.open(), afterBytes, tear);
      }
    };
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return counts.count(
        Operation.OPEN,
        () -> {
          Fault fault = script.draw(Operation.OPEN, key.value());
          before(fault, Operation.OPEN, key.value());
          InputStream stream = inner.open(key, offset, length);
          if (fault instanceof Fault.Torn torn) {
            return new TornStream(
                stream, torn.afterBytes(), () -> connectionLost(Operation.OPEN, key.value()));
          }
          if (fault instanceof Fault.ReplyLost) {
            stream.close();
          }
          after(fault, Operation.OPEN, key.value());
          return stream;
        });
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    return counts.count(
        Operation.LIST,
        () -> {
          Fault fault = script.draw(Operation.LIST, prefix);
          before(fault, Operation.LIST, prefix);
          ObjectListing listing = late.filter(inner.list(prefix));
          after(fault, Operation.LIST, prefix);
          return listing;
        });
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    String what = keys.isEmpty() ? "nothing" : keys.iterator().next().value();
    counts.count(
        Operation.DELETE,
        () -> {
          Fault fault = script.draw(Operation.DELETE, what);
          before(fault, Operation.DELETE, what);
          inner.delete(keys);
          keys.forEach(space::deleted);
          after(fault, Operation.DELETE, what);
          return keys;
        });
  }

  @Override
  public void close() throws IOException {
    script.releaseStalls();
    inner.close();
  }

  private static void before(@Nullable Fault fault, Operation operation, String what)
      throws IOException {
    if (fault instanceof Fault.Failing failing) {
      throw new ReplicaException(
          failing.reason(), "told to fail as " + failing.reason() + ": " + operation + " " + what);
    }
    if (fault instanceof Fault.Stalled stalled && stalled.afterBytes() == 0) {
      stalled.stall().hold();
    }
    if (fault instanceof Fault.Torn && operation != Operation.PUT && operation != Operation.OPEN) {
      connectionLost(operation, what);
    }
  }

  private static void after(@Nullable Fault fault, Operation operation, String what)
      throws IOException {
    if (fault instanceof Fault.ReplyLost) {
      connectionLost(operation, what);
    }
  }

  private static void connectionLost(Operation operation, String what) throws IOException {
    throw new ReplicaException(
        Reason.UNAVAILABLE, "told to lose the connection: " + operation + " " + what);
  }
}
