package dev.stream.core.replicate;

import dev.stream.api.database.PagedDatabase;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CaptureScan;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.capture.ReplicationSettings;
import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.compact.SegmentMerger;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.drill.DrillRecords;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.guard.CaptureGuards;
import dev.stream.core.guard.LastSignature;
import dev.stream.core.guard.LineageGuard;
import dev.stream.core.guard.OperatorAcceptance;
import dev.stream.core.guard.StartCheck;
import dev.stream.core.guard.StartRules;
import dev.stream.core.guard.WriterConflicts;
import dev.stream.core.monitor.KnownContents;
import dev.stream.core.monitor.LagMonitor;
import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.monitor.StatusFile;
import dev.stream.core.monitor.StatusReport;
import dev.stream.core.retention.Pruners;
import dev.stream.core.retry.Retry;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.Task;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.seal.SealedHorizon;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.ArtefactCodecs;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.shadow.SegmentSealer;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import dev.stream.core.shadow.ShadowSpace;
import dev.stream.core.shadow.WriterId;
import dev.stream.core.snapshot.CaptureCorrection;
import dev.stream.core.snapshot.CaptureProof;
import dev.stream.core.snapshot.LiveSnapshotSender;
import dev.stream.core.snapshot.SnapshotDue;
import dev.stream.core.snapshot.SnapshotLoop;
import dev.stream.core.snapshot.SnapshotWriter;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.ReplicaContents;
import dev.stream.core.status.StreamStatus;
import dev.stream.core.upload.ArtefactBodies;
import dev.stream.core.upload.ExclusiveUpload;
import dev.stream.core.upload.NamedReplica;
import dev.stream.core.upload.ReplicaUploader;
import dev.stream.core.upload.UploadLane;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
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

  /** Between looks at how everything goes. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The same while nothing happens, and nothing is wrong. */
  private static final Duration REST = Duration.ofSeconds(10);

  private final PagedDatabase database;
  private final ShadowDirectory directory;
  private final ReplicationSettings settings;
  private final Environment environment;
  private final OperatorAcceptance acceptance;
  private final CaptureStart captureStart;
  private final ReplicationParts parts;
  private final Pruners pruners;
  private final LagMonitor lag;
  private final ShadowContents contents;
  private final ReplicaAudit audit;
  private final AwaitedTransactions awaited;
  private final List<UploadLane> lanes = new ArrayList<>();
  private final KnownContents known;
  private final StatusReport report;
  private final StatusFile statusFile;
  private volatile @Nullable Task monitor;
  private volatile boolean resting;
  private boolean started;
  private volatile boolean closed;

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
      StartRules rules,
      List<NamedReplica> replicas,
      ArtefactCodecs codecs,
      Environment environment)
      throws IOException {
    this.database = database;
    this.directory = directory;
    this.settings = settings;
    this.environment = environment;
    Clock clock = environment.clock();
    StreamListener listener = environment.listener();
    Tasks tasks = environment.tasks();
    Path file = database.info().path();

    // What was left by the last run.
    Recovered recovered = ShadowRecovery.recover(directory, codecs.lookup(), settings.shadowSync());
    recovered.notices().forEach(this::notice);
    GenerationId resumed = recovered.state() == null ? null : recovered.generation();
    ShadowCatalog catalog = new ShadowCatalog(directory, recovered.sealed());
    WriterId writer = WriterId.of(directory);
    ArtefactEncoding encoding =
        new ArtefactEncoding(
            codecs.codec(),
            codecs.settings(),
            database.info().type(),
            writer.id(),
            tasks.compression(),
            clock);

    // The replicas, and who may write there.
    GenerationId complete =
        resumed == null || catalog.newestSnapshot(resumed).isPresent() ? null : resumed;
    List<ReplicaUploader> uploaders = new ArrayList<>();
    for (NamedReplica replica : replicas) {
      ReplicaArchive archive = new ReplicaArchive(replica.replica(), Retry.none());
      uploaders.add(
          new ReplicaUploader(replica.name(), archive, recovered.sealed(), complete, environment));
    }
    LineageGuard guard =
        new LineageGuard(file, rules.databaseChangedAt() != null, directory, uploaders, listener);
    StartCheck check =
        new StartCheck(file, rules, directory, recovered.generation(), replicas, codecs.lookup());
    WriterConflicts conflicts =
        new WriterConflicts(
            file,
            new LineageMark(directory),
            check.isAccepted() ? replicas.stream().map(NamedReplica::name).toList() : List.of(),
            listener);
    this.acceptance =
        new OperatorAcceptance(
            new LineageMark(directory), conflicts, guard, check, uploaders, this::notice);

    // The way of a commit: capture, sealing, merging, snapshots.
    CurrentGeneration generation = new CurrentGeneration();
    CaptureRelay captured = new CaptureRelay(check, listener);
    Capture capture =
        new Capture(
            directory,
            settings,
            clock,
            new Random(),
            recovered,
            new CaptureGuards(check, guard, new LastSignature(directory)),
            captured);
    SegmentRelay sealed = new SegmentRelay();
    SealingLoop sealing =
        new SealingLoop(
            capture,
            new SegmentSealer(directory, encoding, recovered.clocks(), capture::writeBackHashes),
            settings.syncInterval(),
            sealed,
            tasks);
    CompactionLoop compaction =
        new CompactionLoop(
            directory,
            settings.compactionLevels(),
            new SegmentMerger(directory, encoding, codecs.lookup()),
            new SealedHorizon(sealing, generation, clock),
            recovered.sealed(),
            sealed,
            environment);
    ArtefactBodies bodies = new ArtefactBodies(directory);
    CaptureCorrection correction = new CaptureCorrection(database, capture, sealing);
    CaptureScan scan = new CaptureScan(database, capture, settings.scan(), clock);
    ShadowSpace space = new ShadowSpace(directory.root(), settings.snapshots().reserve());
    LiveSnapshotSender sender =
        new LiveSnapshotSender(
            directory, space, sealed::contents, uploaders, bodies, settings.snapshots());
    SnapshotLoop snapshots =
        new SnapshotLoop(
            capture,
            () -> sealing.fixImage(database),
            new SnapshotWriter(
                directory, encoding, correction, sealing, compaction, sender, settings.snapshots()),
            new SnapshotDue(settings.snapshotInterval(), settings.snapshotRule(), clock),
            new CaptureProof(scan, correction),
            snapshot -> sealed.contents().add(snapshot),
            tasks);
    this.parts =
        new ReplicationParts(
            database, generation, capture, sealing, snapshots, compaction, uploaders);

    this.captureStart = new CaptureStart(parts, check, guard, writer);

    // What comes into the shadow directory and goes from it, and what goes from the replicas.
    this.contents =
        new ShadowContents(
            catalog,
            compaction,
            snapshots,
            uploaders,
            new ShadowLimit(
                settings.shadowLimit(), capture, sealing, compaction, catalog, generation),
            listener);
    RetentionConfig retention = settings.retention();
    this.pruners = new Pruners(uploaders, retention, environment);
    this.audit =
        new ReplicaAudit(parts, catalog, guard, conflicts, retention.checkInterval(), clock);
    this.known = new KnownContents(uploaders);
    this.awaited = new AwaitedTransactions(parts);
    LaneEvents events =
        new LaneEvents(
            check,
            audit,
            conflicts,
            pruners,
            contents,
            generation,
            known,
            environment.telling(
                event -> {
                  if (event instanceof StreamEvent.ArtefactStored) {
                    awaited.changed();
                  }
                }));
    ExclusiveUpload uploads = new ExclusiveUpload(codecs.lookup(), writer.id());
    for (ReplicaUploader uploader : uploaders) {
      for (boolean ofSnapshots : new boolean[] {false, true}) {
        lanes.add(
            new UploadLane(uploader, ofSnapshots, bodies, uploads, events, environment.sleeper()));
      }
    }

    // What is told of it.
    this.lag =
        new LagMonitor(clock, settings.dataLossWindowThreshold(), capture, sealing, listener);
    this.report =
        new StatusReport(
            parts,
            scan,
            catalog,
            pruners,
            lag,
            new DrillRecords(directory.root(), directory.rights()),
            clock);
    this.statusFile = new StatusFile(directory, clock);

    captured.connect(parts, lag, this::stirred);
    sealed.connect(parts, contents);
    DatabaseState base = recovered.sealedState();
    if (resumed != null && base != null) {
      sealing.began(resumed, base, CommitClock.begin(resumed.bornAt()));
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
    captureStart.begin();
    parts.snapshots().start();
    parts.compaction().start();
    lanes.forEach(lane -> lane.start(environment.tasks()));
    pruners.start();
    statusFile.write(status());
    monitor = environment.tasks().every("stream-monitor", this::pause, this::monitor);
  }

  private void notice(String message) {
    LOG.info("{}", message);
    environment.listener().onEvent(new StreamEvent.Notice(message));
  }

  private Duration pause() {
    return resting ? REST : LOOK;
  }

  /** Something happens: what comes of it is looked at soon. From any thread; cheap. */
  private void stirred() {
    Task asleep = monitor;
    if (resting && asleep != null) {
      resting = false;
      asleep.wakeBy(System.nanoTime() + LOOK.toNanos());
    }
  }

  private void monitor() {
    resting = true; // unless something is committed meanwhile
    acceptance.acceptIfAsked();
    contents.makeRoom();
    lag.check(parts.uploaders(), parts.generation().get());
    StreamStatus status = status();
    boolean changed = statusFile.write(status);
    boolean someWait = awaited.changed(); // a listing may have shown what was stored before
    parts.uploaders().forEach(ReplicaUploader::lookIfIdle);
    audit.tick(uploader -> pruners.of(uploader).tick());
    parts.compaction().tick();
    if (changed || someWait || !status.problems().isEmpty()) {
      resting = false;
    }
  }

  /** Age of the oldest commit that a replica lacks. */
  public Duration dataLossWindow(String replica) {
    return report.dataLossWindow(replica);
  }

  /** The worst of all replicas. */
  public Duration dataLossWindow() {
    return report.dataLossWindow();
  }

  /** How it is going. */
  public StreamStatus status() {
    return report.status();
  }

  /** What is known of the replicas' contents without asking them. */
  public List<ReplicaContents> contents() {
    return known.contents();
  }

  /** As {@link dev.stream.core.StreamController#snapshotNow}. */
  public void snapshotNow() {
    requireOpen();
    parts.snapshots().requestNow();
  }

  /** Waits for every replica, as {@link #sync(Duration, String)} does. */
  public void sync(Duration timeout) throws IOException, InterruptedException {
    sync(timeout, null);
  }

  /**
   * Waits until every commit that returned before this call can be restored.
   *
   * @param replica from which replica; null for every one
   * @throws IOException if that takes longer, saying what is missing where
   * @throws IllegalArgumentException if there is no replica of that name
   */
  public void sync(Duration timeout, @Nullable String replica)
      throws IOException, InterruptedException {
    requireOpen();
    new SyncBarrier(parts, replica).await(timeout);
  }

  /** As {@link dev.stream.core.StreamController#committedTxId}. */
  public long committedTxId() throws IOException {
    requireOpen();
    database.sync();
    DatabaseState state = parts.capture().settledState();
    if (state == null) {
      throw new IOException("capture has not begun");
    }
    return state.txId();
  }

  /** As {@link dev.stream.core.StreamController#awaitReplicated}. */
  public CompletionStage<Void> awaitReplicated(long txId, int quorum) {
    requireOpen();
    stirred();
    return awaited.await(txId, quorum);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "replication of " + database.info().path() + " was closed: nothing is captured any more");
    }
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
    report.ended();
    pruners.stop();
    long deadline = System.nanoTime() + settings.closeTimeout().toNanos();
    boolean running = started && parts.capture().hasBase();
    parts.compaction().stop(); // what is not merged is merged after the next start
    return new CloseSequence(parts, environment.tasks())
        .run(
            running,
            deadline,
            () -> {
              awaited.close("Stream was closed before the transaction was on enough replicas");
              try (directory) {
                statusFile.stopped(status(), started);
              } finally {
                parts.capture().ended();
              }
            });
  }
}
