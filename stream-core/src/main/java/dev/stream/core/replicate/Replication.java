package dev.stream.core.replicate;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CaptureEvents;
import dev.stream.core.capture.CaptureScan;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.capture.ReplicationSettings;
import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.compact.SegmentMerger;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.guard.LastSignature;
import dev.stream.core.guard.LineageGuard;
import dev.stream.core.guard.ReplicaHead;
import dev.stream.core.guard.StartCheck;
import dev.stream.core.guard.StartRules;
import dev.stream.core.guard.WriterConflicts;
import dev.stream.core.listen.SafeListener;
import dev.stream.core.monitor.LagMonitor;
import dev.stream.core.monitor.StatusFile;
import dev.stream.core.monitor.StatusReport;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.retention.Pruners;
import dev.stream.core.retry.Retry;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.seal.SealedHorizon;
import dev.stream.core.seal.SealingEvents;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SegmentSealer;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import dev.stream.core.shadow.ShadowSpace;
import dev.stream.core.shadow.WriterId;
import dev.stream.core.snapshot.CaptureCorrection;
import dev.stream.core.snapshot.LiveSnapshotSender;
import dev.stream.core.snapshot.LiveSnapshots;
import dev.stream.core.snapshot.SnapshotDue;
import dev.stream.core.snapshot.SnapshotLoop;
import dev.stream.core.snapshot.SnapshotWriter;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.CatchUp;
import dev.stream.core.status.StreamStatus;
import dev.stream.core.upload.ArtefactBodies;
import dev.stream.core.upload.ExclusiveUpload;
import dev.stream.core.upload.MarkedReplica;
import dev.stream.core.upload.NamedReplica;
import dev.stream.core.upload.ReplicaUploader;
import dev.stream.core.upload.UploadLane;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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
  private final Sleeper sleeper;
  private final Clock clock;
  private final StreamListener listener;
  private final Capture capture;
  private final SealingLoop sealing;
  private final SnapshotLoop snapshots;
  private final CompactionLoop compaction;
  private final ShadowContents contents;
  private final List<ReplicaUploader> uploaders = new ArrayList<>();
  private final Pruners pruners;
  private final LagMonitor lag;
  private final ReplicaAudit audit;
  private final SyncBarrier barrier;
  private final WriterId writer;
  private final ExclusiveUpload uploads;
  private final ArtefactBodies bodies;
  private final StartCheck check;
  private final LineageGuard guard;
  private final WriterConflicts meetings;
  private final StatusReport report;
  private final StatusFile statusFile;
  private final Tasks tasks = new Tasks();
  private final CurrentGeneration generation = new CurrentGeneration();
  private boolean started;
  private volatile boolean closed;

  /**
   * Recovers the shadow directory. Takes over neither it, nor the database, nor the replicas,
   * unless {@link #close} is called.
   *
   * @param nanoTime counts nanoseconds whatever the clock is set to: {@link System#nanoTime}
   * @param sleeper waits between attempts on a replica
   * @throws IOException if the shadow directory cannot be read
   */
  public Replication(
      PagedDatabase database,
      ShadowDirectory directory,
      ReplicationSettings settings,
      StartRules rules,
      List<NamedReplica> replicas,
      Codec codec,
      CodecSettings codecSettings,
      CodecLookup codecs,
      Clock clock,
      LongSupplier nanoTime,
      Sleeper sleeper,
      StreamListener listener)
      throws IOException {
    this.database = database;
    this.directory = directory;
    this.settings = settings;
    this.sleeper = sleeper;
    this.listener = SafeListener.of(listener);
    Recovered recovered = ShadowRecovery.recover(directory, codecs, settings.shadowSync());
    recovered.notices().forEach(this::notice);
    this.writer = WriterId.of(directory);
    this.uploads = new ExclusiveUpload(codecs, writer.id());
    this.bodies = new ArtefactBodies(directory);
    ArtefactEncoding encoding =
        new ArtefactEncoding(
            codec, codecSettings, database.info().type(), writer.id(), tasks.compression(), clock);
    this.guard =
        new LineageGuard(
            database.info().path(),
            rules.databaseChangedAt() != null,
            directory,
            uploaders,
            this.listener);
    this.check =
        new StartCheck(
            database.info().path(), rules, directory, recovered.generation(), replicas, codecs);
    this.capture =
        new Capture(
            directory,
            settings,
            clock,
            new Random(),
            recovered,
            check,
            guard,
            new LastSignature(directory),
            new FromCapture());
    this.sealing =
        new SealingLoop(
            capture,
            new SegmentSealer(directory, encoding, recovered.clocks(), capture::writeBackHashes),
            settings.syncInterval(),
            new FromSealing(),
            tasks);
    this.compaction =
        new CompactionLoop(
            directory,
            settings.compactionLevels(),
            new SegmentMerger(directory, encoding, codecs),
            new SealedHorizon(sealing, generation, clock),
            recovered.sealed(),
            clock,
            new FromCompaction(),
            tasks);
    CaptureCorrection correction = new CaptureCorrection(database, capture, sealing);
    CaptureScan scan = new CaptureScan(database, capture, settings.scan(), clock);
    ShadowSpace space = new ShadowSpace(directory.root(), settings.snapshots().reserve());
    this.snapshots =
        new SnapshotLoop(
            database,
            capture,
            sealing,
            new SnapshotWriter(
                directory,
                encoding,
                correction,
                sealing,
                compaction,
                space,
                new LiveSnapshotSender(
                    directory, space, this::contents, uploaders, bodies, settings.snapshots()),
                settings.snapshots()),
            new SnapshotDue(settings.snapshotInterval(), settings.snapshotRule(), clock),
            scan,
            correction,
            this::sealed,
            tasks);
    this.meetings =
        new WriterConflicts(
            database.info().path(),
            new LineageMark(directory),
            check.isAccepted() ? replicas.stream().map(NamedReplica::name).toList() : List.of(),
            this.listener);
    ShadowCatalog catalog = new ShadowCatalog(directory, recovered.sealed());
    RetentionConfig retention = settings.retention();
    this.audit =
        new ReplicaAudit(
            capture,
            sealing,
            snapshots,
            catalog,
            guard,
            meetings,
            generation,
            retention.checkInterval(),
            clock);
    this.barrier = new SyncBarrier(database, capture, sealing, uploaders, generation);
    this.lag =
        new LagMonitor(clock, settings.dataLossWindowThreshold(), capture, sealing, this.listener);
    this.statusFile = new StatusFile(directory, clock);
    this.clock = clock;
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
    this.pruners = new Pruners(uploaders, retention, clock, nanoTime, this.listener, tasks);
    this.contents =
        new ShadowContents(
            catalog,
            compaction,
            snapshots,
            uploaders,
            new ShadowLimit(
                settings.shadowLimit(), capture, sealing, compaction, catalog, generation),
            this.listener);
    this.report =
        new StatusReport(
            database.info().path(),
            capture,
            sealing,
            snapshots,
            scan,
            compaction,
            catalog,
            generation,
            uploaders,
            pruners,
            lag,
            clock);
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
    guard.begin(check.isAccepted());
    ReplicaHead held = check.begin(capture.state() != null).orElse(null);
    DatabaseState newest = held == null ? null : held.state();
    if (held != null && newest != null) {
      capture.seed(held.generation(), newest);
    }
    sealing.start();
    startDatabase();
    if (!capture.hasBase()) {
      throw new IOException(
          "the source of "
              + database.info().path()
              + " began capture without a base; this is a fault"
              + " of the plug-in "
              + database.info().type());
    }
    leaveToTheOriginal();
    snapshots.start();
    compaction.start();
    LaneEvents events =
        new LaneEvents(check, audit, meetings, pruners, contents, generation, listener, clock);
    for (ReplicaUploader uploader : uploaders) {
      new UploadLane(uploader, false, bodies, uploads, events, sleeper).start(tasks);
      new UploadLane(uploader, true, bodies, uploads, events, sleeper).start(tasks);
    }
    pruners.start();
    statusFile.write(status());
    tasks.every("stream-monitor", Duration.ofSeconds(1), this::monitor);
  }

  /** A copy of a shadow directory must not write to the generation of its original. */
  private void leaveToTheOriginal() throws IOException {
    GenerationStart start = generation.get();
    DatabaseState state = capture.state();
    if (writer.copied() && start != null && start.resumed() && state != null) {
      check.requireNotBehind(start.generation(), state);
      capture.beginGeneration(
          "the shadow directory is a copy of another, which may be writing to generation "
              + start.generation(),
          null);
    }
  }

  /** Whatever a source makes of a refusal, whoever starts gets to know it as it is. */
  private void startDatabase() throws IOException {
    try {
      database.start(capture.resumePosition(), capture);
    } catch (IOException e) {
      NewGenerationRefusedException refusal = check.refusal();
      throw refusal == null ? e : refusal;
    }
    NewGenerationRefusedException refusal = check.refusal();
    if (refusal != null) {
      throw refusal;
    }
  }

  /** What the rest learns from capture, in its thread and with its lock held. */
  private final class FromCapture implements CaptureEvents {

    @Override
    public void appended() {
      sealing.appended();
    }

    @Override
    public void putOff() {
      sealing.putOff();
    }

    @Override
    public void closed(ClosedLog log) {
      sealing.enqueue(log);
    }

    @Override
    public void began(GenerationStart start, @Nullable DatabaseImage image) {
      check.began(start);
      owe(start);
      generation.began(start);
      sealing.began(start.generation(), start.base(), CommitClock.begin(start.startedAt()));
      compaction.began(start, image != null);
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
      listener.onEvent(
          new StreamEvent.GenerationBegan(
              start.generation().value(), start.resumed(), start.base().txId(), start.reason()));
    }

    @Override
    public void caughtUp(CatchUp one, boolean alarming) {
      generation.caughtUp(one);
      LOG.atLevel(alarming ? Level.WARN : Level.INFO)
          .log(
              "what was committed after {} was captured as one, up to transaction {} of generation"
                  + " {}, since {}; {} differed. States in between cannot be restored",
              one.since(),
              one.txId(),
              one.generation(),
              one.reason(),
              one.pages() == 1 ? "1 page" : one.pages() + " pages");
      listener.onEvent(new StreamEvent.CaughtUp(one));
    }

    @Override
    public void paused(String message) {
      LOG.error("capture is interrupted: {}", message);
      listener.onEvent(new StreamEvent.CapturePaused(message));
    }

    @Override
    public void recovered() {
      LOG.info("capture works again");
      listener.onEvent(new StreamEvent.CaptureRecovered());
    }

    @Override
    public void notice(String message) {
      Replication.this.notice(message);
    }

    @Override
    public void warning(String message) {
      LOG.warn("{}", message);
      listener.onEvent(new StreamEvent.Notice(message));
    }
  }

  private final class FromSealing implements SealingEvents {

    @Override
    public void sealed(SealedArtefact segment) {
      contents.addCaptured(segment);
    }

    @Override
    public void cut(GenerationId ofGeneration, long txId) {
      compaction.cut(ofGeneration, txId);
    }

    @Override
    public void logLost(GenerationId ofGeneration, String reason) {
      GenerationStart start = generation.get();
      if (start != null && start.generation().equals(ofGeneration)) {
        capture.beginGeneration(reason, null);
      }
    }
  }

  private final class FromCompaction implements CompactionLoop.Events {

    @Override
    public void merged(SealedArtefact segment) {
      contents.add(segment);
    }

    @Override
    public void released() {
      contents.prune();
    }
  }

  /** What a replica lacks of the generation that ends now, it goes on to lack. */
  private void owe(GenerationStart next) {
    GenerationStart ending = generation.get();
    if (ending == null || ending.generation().equals(next.generation())) {
      return;
    }
    for (ReplicaUploader uploader : uploaders) {
      Instant since = lag.lackingSince(uploader, ending);
      if (since != null) {
        uploader.owes(since, next.generation());
      }
    }
  }

  private void notice(String message) {
    LOG.info("{}", message);
    listener.onEvent(new StreamEvent.Notice(message));
  }

  private void sealed(SealedArtefact snapshot) {
    contents.add(snapshot);
  }

  private LiveSnapshots contents() {
    return contents;
  }

  /** An operator may accept at any time, and is heard within a second. */
  private void acceptIfAsked() {
    LineageMark mark = new LineageMark(directory);
    if (!mark.isAccepted()) {
      return;
    }
    try {
      boolean any = meetings.accept();
      any |= guard.accept();
      any |= check.accept();
      mark.clear(); // also if it was of no use: it must not accept what is yet to come
      if (any) {
        uploaders.forEach(ReplicaUploader::relist);
      } else {
        notice(mark.acceptFile() + " was removed: nothing is held back that could be accepted");
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be taken up: {}; Stream tries again", mark.acceptFile(), e.toString());
    }
  }

  private void monitor() {
    acceptIfAsked();
    contents.makeRoom();
    lag.check(uploaders, generation.get());
    statusFile.write(status());
    lookAtIdlePlaces();
    audit.tick(uploaders, uploader -> pruners.of(uploader).tick());
    compaction.tick();
  }

  /** A folder that is no longer mounted would otherwise go unnoticed until the next audit. */
  private void lookAtIdlePlaces() {
    for (ReplicaUploader uploader : uploaders) {
      if (uploader.archive().replica() instanceof MarkedReplica marked && marked.isLookDue()) {
        uploader.relook();
      }
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

  /** As {@link dev.stream.core.StreamController#snapshotNow}. */
  public void snapshotNow() {
    requireOpen();
    snapshots.requestNow();
  }

  /**
   * Waits until every commit that returned before this call can be restored from every replica.
   *
   * @throws IOException if that takes longer, saying what is missing where
   */
  public void sync(Duration timeout) throws IOException, InterruptedException {
    requireOpen();
    barrier.await(timeout);
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
    boolean running = started && capture.hasBase();
    compaction.stop(); // what is not merged is merged after the next start
    return new CloseSequence(
            database, capture, snapshots, sealing, compaction, uploaders, tasks, generation)
        .run(
            running,
            deadline,
            () -> {
              try (directory) {
                statusFile.stopped(status(), started);
              } finally {
                capture.ended();
              }
            });
  }
}
