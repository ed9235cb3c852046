package dev.stream.core;

import dev.stream.api.database.PagedDatabase;
import dev.stream.core.capture.ReplicationSettings;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.DrillConfig;
import dev.stream.core.config.HeartbeatConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.count.MetricReport;
import dev.stream.core.count.StreamCounters;
import dev.stream.core.drill.Drill;
import dev.stream.core.drill.DrillRecords;
import dev.stream.core.drill.DrillSchedule;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.guard.StartRules;
import dev.stream.core.listen.SafeListener;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.metric.MetricSource;
import dev.stream.core.monitor.Heartbeat;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.replicate.Replication;
import dev.stream.core.restore.RestoreOutcome;
import dev.stream.core.retry.Interruption;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.run.AutoRestoreTarget;
import dev.stream.core.run.DatabaseLock;
import dev.stream.core.run.DatabaseWait;
import dev.stream.core.run.ReplicationTargets;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.schedule.SnapshotBounds;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.shadow.ArtefactCodecs;
import dev.stream.core.status.ReplicaContents;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicates one database, continuously.
 *
 * <pre>{@code
 * try (StreamController stream = StreamController.enable(config)) {
 *   // the application works with its database
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Its own threads are daemons and have ended when {@link
 * #close} returns.
 */
public final class StreamController implements AutoCloseable, MetricSource {

  private static final Logger LOG = LoggerFactory.getLogger(StreamController.class);

  /** In a rolling deploy the one before ends while the next begins. */
  private static final Duration TURN_OVER = Duration.ofSeconds(10);

  private final StreamControllerBuilder options;
  private final StreamConfig config;
  private final StreamCounters counters;
  private final StreamListener listener;
  private volatile @Nullable Replication replication;
  private @Nullable DatabaseLock databaseLock;
  private @Nullable Heartbeat heartbeat;
  private @Nullable DrillSchedule drills;
  private boolean closed;

  StreamController(StreamControllerBuilder options, StreamConfig config) {
    this.options = options;
    this.config = config;
    this.counters =
        new StreamCounters(
            config.replicas().stream().map(ReplicaConfig::name).toList(), options.clock);
    this.listener = counters.counting(SafeListener.of(options.listener));
  }

  /** Begins to describe a controller. */
  public static StreamControllerBuilder builder() {
    return new StreamControllerBuilder();
  }

  /**
   * Opens the database that the configuration names, restoring it first if it is missing and {@code
   * restore.enabled} is set, and replicates it.
   *
   * @throws IOException as {@link #start}
   */
  public static StreamController enable(StreamConfig config) throws IOException {
    return started(builder().config(config));
  }

  /**
   * Replicates a database that is open; {@link #close} closes it.
   *
   * @throws IOException as {@link #start}; the database is closed then
   */
  public static StreamController enable(PagedDatabase database, StreamConfig config)
      throws IOException {
    return started(builder().config(config).database(database));
  }

  /**
   * Restores the database that the configuration names if its file is missing, whether or not
   * {@code restore.enabled} is set. To be called before anything opens the database: a connection
   * may create its file.
   *
   * <pre>{@code
   * StreamController.restoreIfMissing(config);
   * try (Connection app = DriverManager.getConnection("jdbc:sqlite:app.db");
   *     StreamController stream = StreamController.enable(config)) {
   *   // the application works with its database
   * }
   * }</pre>
   *
   * <p>The restore is that of {@link #enable}: from the replicas together with the shadow
   * directory, proven, and in place in one step.
   *
   * @return what became of it
   * @throws IOException if it is missing and cannot be restored, or if that is in doubt: no replica
   *     can be asked (unless {@code restore.onUnreachable} says to start all the same), another
   *     Stream has the shadow directory, or a file without a byte lies where a replica holds a
   *     database. The file is as it was then
   */
  public static RestoreOutcome restoreIfMissing(StreamConfig config) throws IOException {
    return MissingDatabase.restore(config);
  }

  private static StreamController started(StreamControllerBuilder builder) throws IOException {
    StreamController controller = builder.build();
    controller.start();
    return controller;
  }

  /**
   * Begins capture; every commit from here on is replicated. Once only.
   *
   * @throws IOException if the database cannot be captured, the shadow directory cannot be used,
   *     places overlap, or a replica refuses its configuration; everything is closed then. A
   *     replica that just cannot be reached is no reason: it is tried again. An {@link
   *     java.io.InterruptedIOException} if the thread was interrupted, whose interrupt status is
   *     set then
   * @throws NewGenerationRefusedException if the database is older than, or unrelated to, what a
   *     replica holds, and that is not accepted; everything is closed then
   */
  public synchronized void start() throws IOException {
    if (closed || replication != null) {
      throw new IllegalStateException("a StreamController starts once only");
    }
    closed = true; // until it has succeeded
    PagedDatabase database = options.database;
    ReplicationTargets stores = null;
    Replication starting = null;
    Instant changedAt = null;
    DatabaseLock lock = null;
    try {
      stores = ReplicationTargets.open(config, options.plugins, counters);
      if (database == null) {
        DatabaseConfig source = config.requireDatabase();
        AutoRestoreTarget target = AutoRestoreTarget.of(config);
        if (target.isDue(config, null)) {
          var unused = stores.restore(target, source.provider(), null, options.clock, listener);
        }
        DatabaseWait wait = DatabaseWait.of(config, options.patience);
        if (wait.isMissing() && stores.holdNothing()) {
          wait.await(stores.shadow(), options.clock, listener);
        }
        lock = DatabaseLock.acquire(source.path(), config.shadowDir(), TURN_OVER, Sleeper.SYSTEM);
        changedAt = lastChange(source);
        database = source.open();
      }
      Environment environment =
          Environment.of(
              database.info().path().toString(), options.clock, Sleeper.SYSTEM, listener);
      starting =
          new Replication(
              database,
              stores.shadow(),
              settings(),
              new StartRules(options.acceptNewGeneration, changedAt, options.created),
              stores.replicas(),
              new ArtefactCodecs(stores.codec(), config.compression().settings(), stores.codecs()),
              environment);
      counters.started();
      starting.start();
      drills = drills(stores, environment);
      replication = starting;
      databaseLock = lock;
      HeartbeatConfig called = config.heartbeat();
      heartbeat = called == null ? null : Heartbeat.start(called, starting::status);
      closed = false;
    } catch (IOException e) {
      IOException failure =
          Interruption.plain("interrupted while starting; nothing is replicated", e);
      undo(starting, database, stores, failure);
      unlock(lock);
      throw failure;
    } catch (RuntimeException | Error e) {
      undo(starting, database, stores, e);
      unlock(lock);
      throw e;
    }
  }

  private static void unlock(@Nullable DatabaseLock lock) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        LOG.warn("a lock could not be released: {}", e.toString());
      }
    }
  }

  private static void undo(
      @Nullable Replication starting,
      @Nullable PagedDatabase database,
      @Nullable ReplicationTargets stores,
      Throwable cause) {
    if (starting != null) {
      starting.close().forEach(problem -> cause.addSuppressed(new IOException(problem)));
    } else {
      close(database, stores, cause);
    }
  }

  private static void close(
      @Nullable PagedDatabase database, @Nullable ReplicationTargets stores, Throwable cause) {
    if (database != null) {
      try {
        database.close();
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
    if (stores != null) {
      stores.close(cause);
    }
  }

  /** When the files of a database that nobody here has opened yet were last changed. */
  private static @Nullable Instant lastChange(DatabaseConfig source) throws IOException {
    List<Path> files = new ArrayList<>(source.provider().companions(source.path()));
    files.add(source.path());
    Instant last = null;
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        Instant changed = Files.getLastModifiedTime(file).toInstant();
        last = last == null || changed.isAfter(last) ? changed : last;
      }
    }
    return last;
  }

  /** Begins to drill the replicas, if that is configured. */
  private @Nullable DrillSchedule drills(ReplicationTargets stores, Environment environment)
      throws IOException {
    DrillConfig drill = config.drill();
    if (drill == null) {
      return null;
    }
    PluginRegistry plugins = options.plugins == null ? PluginRegistry.discover() : options.plugins;
    DrillSchedule schedule =
        new DrillSchedule(
            drill,
            stores.replicas(),
            new Drill(
                drill,
                drill.scratchDir(config.shadowDir()),
                drill.keepsCopies(),
                config.database(),
                stores.codecs(),
                plugins.databases(),
                environment.clock()),
            new DrillRecords(stores.shadow().root(), stores.shadow().rights()),
            environment);
    schedule.start();
    return schedule;
  }

  private ReplicationSettings settings() {
    return new ReplicationSettings(
        config.syncInterval(),
        config.snapshotInterval(),
        SnapshotRule.BY_COST,
        ScanPace.GENTLE,
        config.compaction().levels(),
        config.segmentLimit(),
        config.shadowLimit(),
        config.shadowSync(),
        config.dataLossWindowThreshold(),
        config.retention(),
        config.closeTimeout(),
        SnapshotBounds.STANDARD);
  }

  private Replication running() {
    Replication current = replication;
    if (current == null) {
      throw new IllegalStateException("this StreamController is not started");
    }
    return current;
  }

  /** The worst {@link #dataLossWindow(String)} of all replicas. */
  public Duration dataLossWindow() {
    return running().dataLossWindow();
  }

  /**
   * Age of the oldest commit that a replica lacks, counted from when Stream captured it; zero if it
   * lacks none, also when nothing is going on. While a replica has no snapshot of the current
   * generation, or lacks a part of it, the age of the generation. While it has not answered since
   * the start, it is taken to lack all that the shadow directory holds.
   *
   * @throws IllegalArgumentException if there is no replica of that name
   */
  public Duration dataLossWindow(String replica) {
    return running().dataLossWindow(replica);
  }

  /** How it is going. */
  public StreamStatus status() {
    return running().status();
  }

  /**
   * What the replicas hold, as far as that is known without asking them; in the order of the
   * configuration.
   */
  public List<ReplicaContents> contents() {
    return running().contents();
  }

  /** How it is going, in numbers; may be asked before the start and after the end, too. */
  @Override
  public List<MetricFamily> metrics() {
    Replication current = replication;
    return current == null
        ? new MetricReport(databaseName(), counters, null, List.of()).families()
        : new MetricReport(databaseName(), counters, current.status(), current.contents())
            .families();
  }

  private String databaseName() {
    DatabaseConfig configured = config.database();
    PagedDatabase given = options.database;
    if (configured != null) {
      return configured.path().toAbsolutePath().normalize().toString();
    }
    return given == null ? "" : given.info().path().toString();
  }

  /**
   * Waits until every commit that returned to its caller before this call can be restored from
   * every replica.
   *
   * @throws IOException if that takes longer than {@code timeout}, saying what is missing where
   * @throws IllegalStateException if this is not started, or was closed
   */
  public void sync(Duration timeout) throws IOException, InterruptedException {
    sync(timeout, null);
  }

  /**
   * Waits until every commit that returned to its caller before this call can be restored from one
   * replica, whatever the others lack.
   *
   * @param replica its name; null for every replica, as {@link #sync(Duration)}
   * @throws IOException if that takes longer than {@code timeout}, saying what is missing where
   * @throws IllegalArgumentException if there is no replica of that name
   * @throws IllegalStateException if this is not started, or was closed
   */
  public void sync(Duration timeout, @Nullable String replica)
      throws IOException, InterruptedException {
    running().sync(timeout, replica);
  }

  /**
   * The newest transaction that is captured, after everything is that was committed before this
   * call: so whoever has just committed learns by which number that is in, for {@link
   * #awaitReplicated}. Costs a look at the log of a SQLite or bolt database, next to nothing for
   * H2. Numbers go on from generation to generation.
   *
   * @throws IOException if the database cannot be captured now
   * @throws IllegalStateException if this is not started, or was closed
   */
  public long committedTxId() throws IOException {
    return running().committedTxId();
  }

  /**
   * Completes when so many replicas can restore a transaction. What is captured of it is sealed at
   * once, not only when {@code syncInterval} is over. No thread waits meanwhile.
   *
   * <pre>{@code
   * connection.commit();
   * stream.awaitReplicated(stream.committedTxId(), 2)
   *     .toCompletableFuture()
   *     .get(5, TimeUnit.SECONDS);
   * }</pre>
   *
   * <p>There is no bound: replicas that are down may be back tomorrow. Whoever no longer waits
   * cancels the future, or has it time out ({@code orTimeout}). What depends on it runs in the
   * common pool.
   *
   * @param txId the transaction, which need not be committed yet
   * @param quorum how many replicas, any of those there are
   * @return fails with an {@link IOException} if this is closed before
   * @throws IllegalArgumentException if there are not so many replicas, or {@code quorum} is less
   *     than one
   * @throws IllegalStateException if this is not started, or was closed
   */
  public CompletionStage<Void> awaitReplicated(long txId, int quorum) {
    return running().awaitReplicated(txId, quorum);
  }

  /**
   * Asks for a snapshot with every commit that Stream has captured by now; returns at once. The
   * generation goes on. While its first snapshot is on its way there is one more when that is done,
   * unless it has these commits.
   *
   * @throws IllegalStateException if this is not started, or was closed
   */
  public void snapshotNow() {
    running().snapshotNow();
  }

  /**
   * Ends capture, seals what was captured, and waits for replicas that lag, at most {@code
   * closeTimeout}. What is left then is in the shadow directory and goes on at the next start.
   * Repeatable.
   */
  @Override
  public void close() {
    List<String> left = closeAndReport();
    left.forEach(problem -> listener.onEvent(new StreamEvent.Notice("left by close: " + problem)));
  }

  /** Like {@link #close}; returns what is left, empty if every replica has everything. */
  public synchronized List<String> closeAndReport() {
    Replication current = replication;
    if (closed || current == null) {
      closed = true;
      return List.of();
    }
    closed = true;
    if (heartbeat != null) {
      heartbeat.close();
    }
    if (drills != null) {
      drills.end();
    }
    try {
      return current.close();
    } finally {
      unlock(databaseLock);
    }
  }
}
