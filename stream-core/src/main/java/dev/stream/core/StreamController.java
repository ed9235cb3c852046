package dev.stream.core;

import dev.stream.api.codec.Codec;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.artefact.CodecLookup;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.replicate.NamedReplica;
import dev.stream.core.replicate.RemoteReplica;
import dev.stream.core.replicate.Replication;
import dev.stream.core.replicate.ReplicationSettings;
import dev.stream.core.replicate.SafeListener;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
public final class StreamController implements AutoCloseable {

  /** How long capture waits for stores that do not answer, in case they refuse. */
  private static final Duration OPEN_PATIENCE = Duration.ofSeconds(2);

  private final StreamControllerBuilder options;
  private final StreamConfig config;
  private volatile @Nullable Replication replication;
  private boolean closed;

  StreamController(StreamControllerBuilder options, StreamConfig config) {
    this.options = options;
    this.config = config;
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

  private static StreamController started(StreamControllerBuilder builder) throws IOException {
    StreamController controller = builder.build();
    controller.start();
    return controller;
  }

  /**
   * Begins capture; every commit from here on is replicated. Once only.
   *
   * @throws IOException if the database cannot be captured, the shadow directory cannot be used, or
   *     a replica refuses its configuration; everything is closed then. A replica that just cannot
   *     be reached is no reason: it is tried again
   */
  public synchronized void start() throws IOException {
    if (closed || replication != null) {
      throw new IllegalStateException("a StreamController starts once only");
    }
    closed = true; // until it has succeeded
    List<NamedReplica> replicas = new ArrayList<>();
    PagedDatabase database = options.database;
    ShadowDirectory shadow = null;
    Replication starting = null;
    try {
      CodecLookup codecs = codecs();
      Codec codec = config.compression().open();
      shadow = ShadowDirectory.open(config.shadowDir());
      List<RemoteReplica> opening = new ArrayList<>();
      for (ReplicaConfig replica : config.replicas()) {
        opening.add(RemoteReplica.begin(replica));
        replicas.add(new NamedReplica(replica.name(), opening.get(opening.size() - 1)));
      }
      long deadline = System.nanoTime() + OPEN_PATIENCE.toNanos();
      for (RemoteReplica replica : opening) {
        replica.awaitOpen(deadline);
      }
      if (database == null) {
        DatabaseConfig source = config.requireDatabase();
        if (config.restore().enabled() && Files.notExists(source.path())) {
          new AutoRestore(
                  source.path(), source.provider(), shadow, new SafeListener(options.listener))
              .run(replicas, codecs, encoding(codec, source.type()));
        }
        database = source.open();
      }
      starting =
          new Replication(
              database,
              shadow,
              settings(),
              replicas,
              codec,
              config.compression().settings(),
              codecs,
              options.clock,
              options.listener);
      starting.start();
      replication = starting;
      closed = false;
    } catch (IOException | RuntimeException e) {
      if (starting != null) {
        starting.close().forEach(problem -> e.addSuppressed(new IOException(problem)));
      } else {
        closeAll(e, database, shadow, replicas);
      }
      throw e;
    }
  }

  private CodecLookup codecs() throws IOException {
    PluginRegistry plugins = options.plugins == null ? PluginRegistry.discover() : options.plugins;
    return name ->
        name.equals(config.compression().codec())
            ? config.compression().open()
            : plugins.openCodec(name);
  }

  private ReplicationSettings settings() {
    return new ReplicationSettings(
        config.syncInterval(),
        config.snapshotInterval(),
        config.segmentLimit(),
        config.shadowLimit(),
        config.shadowSync(),
        config.dataLossWindowThreshold(),
        config.retention().checkInterval(),
        config.closeTimeout());
  }

  private ArtefactEncoding encoding(Codec codec, String databaseType) {
    return new ArtefactEncoding(
        codec, config.compression().settings(), databaseType, Runnable::run, options.clock);
  }

  private static void closeAll(
      Exception cause,
      @Nullable PagedDatabase database,
      @Nullable ShadowDirectory shadow,
      List<NamedReplica> replicas) {
    List<AutoCloseable> open = new ArrayList<>();
    if (database != null) {
      open.add(database);
    }
    if (shadow != null) {
      open.add(shadow);
    }
    replicas.forEach(replica -> open.add(replica.replica()));
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
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
   * Waits until every commit that returned to its caller before this call can be restored from
   * every replica.
   *
   * @throws IOException if that takes longer than {@code timeout}, saying what is missing where
   */
  public void sync(Duration timeout) throws IOException, InterruptedException {
    running().sync(timeout);
  }

  /** Asks for a snapshot; returns at once. The generation goes on. */
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
    left.forEach(problem -> options.listener.onNotice("left by close: " + problem));
  }

  /** Like {@link #close}; returns what is left, empty if every replica has everything. */
  public synchronized List<String> closeAndReport() {
    Replication current = replication;
    if (closed || current == null) {
      closed = true;
      return List.of();
    }
    closed = true;
    return current.close();
  }
}
