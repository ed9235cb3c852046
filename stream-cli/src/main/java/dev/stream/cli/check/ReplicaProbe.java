package dev.stream.cli.check;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.cli.check.ProbeReport.Step;
import dev.stream.core.config.ReplicaConfig;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a replica store, return, list and delete an object that belongs to no archive, and then store
 * and return a large one, which some servers never accept.
 */
final class ReplicaProbe {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaProbe.class);
  private static final int SIZE = 4096;
  private static final int LOOK_MILLIS = 50;
  private static final int ROUND_TRIPS = 5;
  private static final String OTHER_BYTES = "returns other bytes than it was given";
  private static final String FOLDER = "stream-check/";

  private final Replica replica;
  private final ProbeReport report;
  private final ProbeTimeout patience;
  private final byte[] content = new byte[SIZE];
  private ObjectKey key = new ObjectKey(FOLDER + UUID.randomUUID());

  /** Something to try. */
  @FunctionalInterface
  private interface Trial {
    void run() throws IOException;
  }

  private ReplicaProbe(Replica replica, ProbeReport report, ProbeTimeout patience) {
    this.replica = replica;
    this.report = report;
    this.patience = patience;
    new Random().nextBytes(content);
  }

  /**
   * Tries everything that makes sense. Ends after the timeout, or later while a large object moves.
   */
  static ProbeReport run(ReplicaConfig config, Duration timeout) throws InterruptedException {
    ProbeReport report = new ProbeReport();
    long startedAt = System.nanoTime();
    ProbeTimeout patience = new ProbeTimeout(timeout);
    Thread thread =
        new Thread(() -> probe(config, report, patience), "stream-check-" + config.name());
    thread.setDaemon(true); // a client library may wait for ever, and ignore an interrupt
    thread.start();
    while (thread.isAlive()) {
      Optional<String> exhausted = patience.exhausted();
      if (exhausted.isPresent()) {
        report.timedOut(since(startedAt), exhausted.get());
        thread.interrupt();
        break;
      }
      thread.join(LOOK_MILLIS);
    }
    return report;
  }

  private static void probe(ReplicaConfig config, ProbeReport report, ProbeTimeout patience) {
    long startedAt = System.nanoTime();
    report.begins(Step.REACH);
    try (Replica replica = config.open()) {
      report.opened(replica.name());
      new ReplicaProbe(replica, report, patience).all(startedAt);
    } catch (IOException | RuntimeException | Error e) { // else an error would not be reported
      report.failed(Step.REACH, since(startedAt), e);
    }
  }

  private void all(long startedAt) {
    if (!reaches(startedAt)) {
      return;
    }
    boolean deletes = mayDelete();
    if (!deletes) {
      // An object that is stored now cannot be deleted. With a fixed name it remains one object,
      // however often the check is repeated.
      key = new ObjectKey(FOLDER + "undeletable");
    }
    report.leaves(key.value());
    boolean written = attempt(Step.WRITE, () -> replica.put(key, ObjectBody.of(content)));
    if (!written) {
      report.leaves(null);
    }
    boolean read = attempt(Step.READ, written ? this::readBack : this::readAny);
    if (written && !report.failedAt(Step.LIST)) {
      boolean ignored = attempt(Step.LIST, () -> requireListed(true));
    }
    measure(written && read);
    if (written && deletes && attempt(Step.DELETE, this::remove)) {
      report.leaves(null);
      if (read) {
        moveLarge();
      }
    }
  }

  /**
   * This is tried only where the object can be deleted again: otherwise each check would leave one
   * more.
   */
  private void moveLarge() {
    LargeProbeObject large = new LargeProbeObject(patience::moved);
    key = new ObjectKey(FOLDER + UUID.randomUUID());
    report.leaves(key.value());
    patience.largeBegins();
    boolean moved = attempt(Step.LARGE, () -> storeAndReturn(large));
    if (moved) {
      if (attempt(Step.DELETE, this::remove)) {
        report.leaves(null);
      }
      return;
    }
    try {
      remove();
      report.leaves(null);
    } catch (IOException | RuntimeException e) {
      // The failure of the large object is reported already, and so is the object that may be left.
    }
  }

  private void storeAndReturn(LargeProbeObject large) throws IOException {
    ObjectInfo ignored = replica.put(key, large);
    try (InputStream stream = replica.open(key, 0, Long.MAX_VALUE)) {
      if (!large.isContentOf(stream)) {
        throw rejected(OTHER_BYTES);
      }
    }
    warnings();
  }

  /**
   * Asks the replica for warnings. If it does not answer, that is not a finding, because nothing
   * else depends on it.
   */
  private void warnings() {
    try {
      report.warnings(replica.warnings());
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} does not tell how its store is set up: {}", replica.name(), e.toString());
    }
  }

  /** Makes the first request. A replica that refuses it has been reached, too. */
  private boolean reaches(long startedAt) {
    report.begins(Step.LIST);
    long listedAt = System.nanoTime();
    try {
      boolean ignored = isListed();
      report.worked(Step.LIST, since(listedAt));
    } catch (IOException | RuntimeException e) {
      if (isUnavailable(e)) {
        report.failed(Step.REACH, since(startedAt), e);
        return false;
      }
      report.failed(Step.LIST, since(listedAt), e);
    }
    report.worked(Step.REACH, since(startedAt));
    return true;
  }

  /**
   * Whether deleting an object that does not exist is allowed. Deleting one that exists may still
   * be refused.
   */
  private boolean mayDelete() {
    report.begins(Step.DELETE);
    long startedAt = System.nanoTime();
    try {
      replica.delete(List.of(key));
      return true;
    } catch (IOException | RuntimeException e) {
      report.failed(Step.DELETE, since(startedAt), e);
      return false;
    }
  }

  private static boolean isUnavailable(Exception failure) {
    return failure instanceof ReplicaException replica
        ? replica.reason() == Reason.UNAVAILABLE
        : failure instanceof IOException;
  }

  private boolean attempt(Step step, Trial trial) {
    report.begins(step);
    long startedAt = System.nanoTime();
    try {
      trial.run();
      report.worked(step, since(startedAt));
      return true;
    } catch (IOException | RuntimeException e) {
      report.failed(step, since(startedAt), e);
      return false;
    }
  }

  private void readBack() throws IOException {
    try (InputStream stream = replica.open(key, 0, SIZE)) {
      if (!Arrays.equals(content, stream.readAllBytes())) {
        throw rejected(OTHER_BYTES);
      }
    }
  }

  /** Reads any object. The answer that there is none also shows that reading is allowed. */
  private void readAny() throws IOException {
    ObjectKey any = key;
    if (!report.failedAt(Step.LIST)) {
      try (ObjectListing listing = replica.list("")) {
        any = listing.hasNext() ? listing.next().key() : key;
      }
    }
    try (InputStream stream = replica.open(any, 0, 1)) {
      byte[] ignored = stream.readNBytes(1);
    } catch (ReplicaException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  /**
   * Measures the median of small requests: of reads, or of listings where reading is not allowed.
   */
  private void measure(boolean readable) {
    long[] nanos = new long[ROUND_TRIPS];
    try {
      for (int i = 0; i < ROUND_TRIPS; i++) {
        long startedAt = System.nanoTime();
        if (readable) {
          try (InputStream stream = replica.open(key, 0, 1)) {
            byte[] ignored = stream.readNBytes(1);
          }
        } else if (!report.failedAt(Step.LIST)) {
          boolean ignored = isListed();
        } else {
          return;
        }
        nanos[i] = System.nanoTime() - startedAt;
      }
    } catch (IOException | RuntimeException e) {
      report.failed(readable ? Step.READ : Step.LIST, Duration.ZERO, e);
      return;
    }
    Arrays.sort(nanos);
    report.roundTrip(Duration.ofNanos(nanos[ROUND_TRIPS / 2]));
  }

  private void remove() throws IOException {
    replica.delete(List.of(key));
    if (!report.failedAt(Step.LIST)) {
      requireListed(false);
    }
  }

  private void requireListed(boolean wanted) throws IOException {
    if (isListed() != wanted) {
      throw rejected(
          wanted
              ? "does not list an object that it has stored"
              : "still lists " + key + " after deleting it");
    }
  }

  private boolean isListed() throws IOException {
    try (ObjectListing listing = replica.list(key.value())) {
      return listing.hasNext() && listing.next().key().equals(key);
    }
  }

  private ReplicaException rejected(String what) {
    return new ReplicaException(Reason.REJECTED, replica.name() + " " + what);
  }

  private static Duration since(long startedAt) {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }
}
