package dev.stream.core.replicate;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.ReplicaStatus;
import dev.stream.core.StreamListener;
import dev.stream.core.StreamStatus;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.CodecLookup;
import dev.stream.core.retry.Retry;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SegmentSealer;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database, its shadow log and its replicas, running. Safe for use by several threads.
 *
 * <p>Order of locks: capture, then sealing or snapshots, then the catalog, then an uploader.
 * Nothing is called the other way round with a lock held.
 */
public final class Replication {

  private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

  private final PagedDatabase database;
  private final ShadowDirectory directory;
  private final ReplicationSettings settings;
  private final Clock clock;
  private final StreamListener listener;
  private final Capture capture;
  private final SealingLoop sealing;
  private final SnapshotLoop snapshots;
  private final ShadowCatalog catalog;
  private final List<ReplicaUploader> uploaders = new ArrayList<>();
  private final LagMonitor lag;
  private final StatusFile statusFile;
  private final WorkerThreads threads = new WorkerThreads();
  private volatile @Nullable GenerationStart generation;
  private boolean started;
  private boolean closed;

  /**
   * Recovers the shadow directory. Takes over neither it, nor the database, nor the replicas,
   * unless {@link #close} is called.
   *
   * @throws IOException if the shadow directory cannot be read
   */
  public Replication(
      PagedDatabase database,
      ShadowDirectory directory,
      ReplicationSettings settings,
      List<NamedReplica> replicas,
      Codec codec,
      CodecSettings codecSettings,
      CodecLookup codecs,
      Clock clock,
      StreamListener listener)
      throws IOException {
    this.database = database;
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.listener = new SafeListener(listener);
    Recovered recovered = ShadowRecovery.recover(directory, codecs, settings.shadowSync());
    recovered.notices().forEach(this::notice);
    ArtefactEncoding encoding =
        new ArtefactEncoding(
            codec, codecSettings, database.info().type(), threads.compression(), clock);
    this.capture =
        new Capture(directory, settings, clock, new Random(), recovered, new FromCapture());
    this.sealing =
        new SealingLoop(
            capture,
            new SegmentSealer(directory, encoding),
            settings.syncInterval(),
            new FromSealing());
    this.snapshots =
        new SnapshotLoop(
            database,
            directory,
            encoding,
            capture,
            sealing,
            settings.snapshotInterval(),
            this::sealed);
    this.catalog = new ShadowCatalog(directory, recovered.sealed());
    this.lag = new LagMonitor(clock, settings.dataLossWindowThreshold(), sealing, this.listener);
    this.statusFile = new StatusFile(directory.root(), clock);
    GenerationId resumed = recovered.state() == null ? null : recovered.generation();
    GenerationId complete =
        resumed == null || catalog.newestSnapshot(resumed).isPresent() ? null : resumed;
    for (NamedReplica replica : replicas) {
      uploaders.add(
          new ReplicaUploader(
              replica.name(),
              new ReplicaArchive(replica.replica(), Retry.none()),
              recovered.sealed(),
              complete));
    }
    DatabaseState base = recovered.sealedState();
    if (resumed != null && base != null) {
      sealing.began(resumed, base);
    }
    recovered.logs().forEach(sealing::enqueue);
  }

  /**
   * Begins capture; returns once it has begun. Replicas need not be reachable.
   *
   * @throws IOException if the database cannot be captured
   */
  public void start() throws IOException {
    started = true;
    threads.start("stream-seal", sealing);
    database.start(capture.resumePosition(), capture);
    if (!capture.hasBase()) {
      throw new IOException(
          "the source of "
              + database.info().path()
              + " began capture without a base; this is a fault"
              + " of the plug-in "
              + database.info().type());
    }
    threads.start("stream-snapshot", snapshots);
    FromLane events = new FromLane();
    for (ReplicaUploader uploader : uploaders) {
      threads.startInterruptible(
          "stream-segments-" + uploader.name(), new UploadLane(uploader, false, directory, events));
      threads.startInterruptible(
          "stream-snapshots-" + uploader.name(), new UploadLane(uploader, true, directory, events));
    }
    threads.every("stream-monitor", Duration.ofSeconds(1), this::monitor);
  }

  /** What the rest learns from capture, in its thread and with its lock held. */
  private final class FromCapture implements CaptureEvents {

    @Override
    public void appended() {
      sealing.appended();
    }

    @Override
    public void closed(ClosedLog log) {
      sealing.enqueue(log);
    }

    @Override
    public void began(GenerationStart start, @Nullable DatabaseImage image) {
      generation = start;
      sealing.began(start.generation(), start.base());
      snapshots.began(start, image);
      for (ReplicaUploader uploader : uploaders) {
        uploader.relist();
      }
      LOG.info(
          "generation {} {} at transaction {}: {}",
          start.generation(),
          start.resumed() ? "goes on" : "begins",
          start.base().txId(),
          start.reason());
      listener.onGeneration(start.generation().value(), start.reason());
    }

    @Override
    public void paused(String message) {
      LOG.error("capture is interrupted: {}", message);
      listener.onCapturePaused(message);
    }

    @Override
    public void recovered() {
      LOG.info("capture works again");
      listener.onCaptureRecovered();
    }

    @Override
    public void notice(String message) {
      Replication.this.notice(message);
    }
  }

  private final class FromSealing implements SealingLoop.Events {

    @Override
    public void sealed(SealedArtefact segment) {
      Replication.this.sealed(segment);
      enforceShadowLimit();
    }

    @Override
    public void logLost(GenerationId ofGeneration, String reason) {
      GenerationStart start = generation;
      if (start != null && start.generation().equals(ofGeneration)) {
        capture.beginGeneration(reason, null);
      }
    }
  }

  private final class FromLane implements UploadLane.Events {

    @Override
    public void listed(ReplicaUploader uploader, ArchiveListing listing) {
      reconcile(uploader, listing);
    }

    @Override
    public void stored(ReplicaUploader uploader, SealedArtefact artefact) {
      LOG.debug("replica {} has {}", uploader.name(), artefact.key());
      prune();
    }

    @Override
    public void failing(ReplicaUploader uploader, String message) {
      listener.onReplicaFailing(uploader.name(), message);
    }

    @Override
    public void recovered(ReplicaUploader uploader) {
      listener.onReplicaRecovered(uploader.name());
    }
  }

  private void notice(String message) {
    LOG.info("{}", message);
    listener.onNotice(message);
  }

  private void sealed(SealedArtefact artefact) {
    synchronized (catalog) { // or it could be pruned, or taken for uploaded, in between
      catalog.add(artefact);
      uploaders.forEach(uploader -> uploader.offer(artefact));
    }
    if (artefact.snapshot()) {
      LOG.info(
          "snapshot at transaction {} of generation {}: {} bytes",
          artefact.lastTxId(),
          artefact.generation(),
          artefact.size());
      prune();
    }
  }

  private void prune() {
    catalog.prune(artefact -> uploaders.stream().anyMatch(uploader -> uploader.needs(artefact)));
  }

  private void reconcile(ReplicaUploader uploader, ArchiveListing listing) {
    GenerationStart start = generation;
    if (start == null) {
      return;
    }
    // In this order: what is sealed between the two is missing on the replica, never a hole.
    long sealedTxId = sealing.sealedTxId();
    Reconciliation found;
    synchronized (catalog) {
      found = Reconciliation.of(listing, catalog.all(), start.generation(), sealedTxId);
      uploader.listed(found, start.generation(), sealedTxId);
    }
    prune();
    GenerationId foreign = found.foreign();
    if (foreign != null) {
      capture.beginGeneration(
          "replica "
              + uploader.name()
              + " has the later generation "
              + foreign
              + ", which is not in the shadow directory",
          foreign);
    } else if (found.beyond() >= 0 && sealing.sealedTxId() < found.beyond()) {
      capture.beginGeneration(
          "replica "
              + uploader.name()
              + " has transaction "
              + found.beyond()
              + " of generation "
              + start.generation()
              + ", which is not in the shadow directory",
          null);
    } else if (found.hole()) {
      snapshots.request(
          "replica "
              + uploader.name()
              + " lacks artefacts that are no longer in the shadow directory");
    }
  }

  /** Gives up the backlog of replicas that lag when the shadow directory grows too large. */
  private void enforceShadowLimit() {
    long bytes = catalog.segmentBytes() + sealing.waitingBytes() + capture.logLength();
    GenerationStart start = generation;
    if (start == null || bytes <= settings.shadowLimit()) {
      return;
    }
    long share = settings.shadowLimit() / 2;
    List<ReplicaUploader> lagging =
        uploaders.stream()
            .filter(
                uploader ->
                    uploader.pending().stream()
                            .filter(artefact -> !artefact.snapshot())
                            .mapToLong(SealedArtefact::size)
                            .sum()
                        > share)
            .toList();
    if (lagging.isEmpty()) {
      return;
    }
    List<String> names = lagging.stream().map(ReplicaUploader::name).toList();
    String reason =
        "the shadow directory has "
            + bytes
            + " bytes of segments, more than the shadowLimit of "
            + settings.shadowLimit()
            + "; the backlog of "
            + names
            + " was dropped";
    LOG.error(
        "{}. These replicas stay at their last state until they have the new generation's snapshot;"
            + " see why they lag, or raise shadowLimit",
        reason);
    capture.beginGeneration(reason, null);
    GenerationStart next = generation;
    if (next != null) {
      lagging.forEach(uploader -> uploader.dropBefore(next.generation()));
    }
    prune();
  }

  private void monitor() {
    lag.check(uploaders, generation);
    statusFile.write(status());
  }

  /** Age of the oldest commit that a replica lacks. */
  public Duration dataLossWindow(String replica) {
    for (ReplicaUploader uploader : uploaders) {
      if (uploader.name().equals(replica)) {
        return lag.window(uploader, generation);
      }
    }
    throw new IllegalArgumentException(
        "there is no replica \""
            + replica
            + "\"; there are "
            + uploaders.stream().map(ReplicaUploader::name).toList());
  }

  /** The worst of all replicas. */
  public Duration dataLossWindow() {
    Duration worst = Duration.ZERO;
    for (ReplicaUploader uploader : uploaders) {
      Duration window = lag.window(uploader, generation);
      worst = window.compareTo(worst) > 0 ? window : worst;
    }
    return worst;
  }

  /** How it is going. */
  public StreamStatus status() {
    GenerationStart start = generation;
    DatabaseState state = capture.state();
    List<ReplicaStatus> replicas =
        uploaders.stream().map(uploader -> uploader.status(lag.window(uploader, start))).toList();
    String trouble = capture.trouble();
    String error = trouble != null ? trouble : sealing.error();
    return new StreamStatus(
        database.info().path().toString(),
        start == null ? null : start.generation().value(),
        start == null ? "" : start.reason(),
        state == null ? -1 : state.txId(),
        trouble == null,
        error != null ? error : snapshots.error(),
        catalog.bytes() + sealing.waitingBytes() + capture.logLength(),
        dataLossWindow(),
        replicas,
        clock.instant());
  }

  /** Asks for a snapshot of the current generation; returns at once. */
  public void snapshotNow() {
    snapshots.request("it was asked for");
  }

  /**
   * Waits until every commit that returned before this call can be restored from every replica.
   *
   * @throws IOException if that takes longer, saying what is missing where
   */
  public void sync(Duration timeout) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    database.sync();
    DatabaseState target = capture.state();
    while (true) {
      GenerationStart start = generation;
      if (target == null || start == null) {
        throw new IOException("capture has not begun");
      }
      List<String> behind = syncOnce(start, target.txId(), deadline);
      if (behind.isEmpty()) {
        return;
      }
      if (start.equals(generation) || System.nanoTime() >= deadline) {
        throw new IOException(
            "not everywhere within "
                + timeout
                + ": transaction "
                + target.txId()
                + " is missing in "
                + String.join("; ", behind)
                + "; Stream keeps trying");
      }
    }
  }

  private List<String> syncOnce(GenerationStart start, long txId, long deadline)
      throws InterruptedException {
    List<String> behind = new ArrayList<>();
    sealing.sealedThrough(start.generation(), txId, Math.max(0, deadline - System.nanoTime()));
    if (sealing.sealedTxId() < txId) {
      String error = sealing.error();
      behind.add("the segments" + (error == null ? "" : " (" + error + ")"));
      return behind;
    }
    for (ReplicaUploader uploader : uploaders) {
      if (!uploader.awaitHas(start.generation(), txId, deadline, () -> start.equals(generation))) {
        String error = uploader.error();
        behind.add(uploader.name() + (error == null ? "" : " (" + error + ")"));
      }
    }
    return behind;
  }

  /**
   * Ends capture, seals, and waits for replicas as long as {@code closeTimeout} allows. Closes the
   * database and the shadow directory. Repeatable.
   *
   * @return what is left for the next start; empty if every replica has everything
   */
  public synchronized List<String> close() {
    if (closed) {
      return List.of();
    }
    closed = true;
    List<String> left = new ArrayList<>();
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + settings.closeTimeout().toNanos();
    boolean running = started && capture.hasBase();
    try {
      if (running) {
        attempt("deliver the last commits", database::sync, left);
        snapshots.stop();
        threads.join("stream-snapshot", deadline);
      }
      snapshots.cancel();
      threads.join("stream-snapshot", System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
      attempt("close the database", database::close, left);
      sealing.stop();
      long atLeast = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      threads.join("stream-seal", Math.max(deadline, atLeast));
      capture.close();
      if (sealing.error() != null) {
        left.add("" + sealing.error());
      }
      for (ReplicaUploader uploader : uploaders) {
        if (running && !uploader.awaitDrained(deadline)) {
          String error = uploader.error();
          left.add(
              "replica "
                  + uploader.name()
                  + " lacks "
                  + uploader.pending().size()
                  + " artefact(s)"
                  + (error == null ? "" : " (" + error + ")"));
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
      left.add("closing was interrupted");
    }
    finish(left);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return left;
  }

  private void finish(List<String> left) {
    sealing.stop();
    uploaders.forEach(ReplicaUploader::stop);
    for (ReplicaUploader uploader : uploaders) {
      attempt("close replica " + uploader.name(), uploader.archive().replica()::close, left);
    }
    left.addAll(threads.stop());
    statusFile.stopped(status(), started);
    attempt("close the shadow directory", directory::close, left);
    if (!left.isEmpty()) {
      LOG.warn("closed; left for the next start: {}", String.join("; ", left));
    }
  }

  /** Something that may fail. */
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private static void attempt(String what, Step step, List<String> left) {
    try {
      step.run();
    } catch (Exception e) {
      left.add("could not " + what + ": " + e);
    }
  }
}
