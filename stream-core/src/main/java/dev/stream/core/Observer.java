package dev.stream.core;

import dev.stream.api.database.OpenObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.config.ConfigException;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.count.MetricReport;
import dev.stream.core.count.StreamCounters;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.listen.SafeListener;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.metric.MetricSource;
import dev.stream.core.retry.Interruption;
import dev.stream.core.run.AutoRestoreTarget;
import dev.stream.core.run.ReplicationTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicates a database that is written in this JVM, for as long as it is open. A source that sits
 * in the commit path takes this before the database is opened: it is restored first if that is
 * needed and configured, then every commit is captured, until the database closes.
 *
 * <pre>{@code
 * StreamConfig config = StreamConfig.read(Path.of("stream.json"), PluginRegistry.discover());
 * try (H2Registration stream = H2Stream.register(Observer.of(config));
 *     Connection db = DriverManager.getConnection("jdbc:h2:stream:/data/app;WRITE_DELAY=0")) {
 *   // the application works with its database
 * }
 * }</pre>
 *
 * <p>A database may close and open again any number of times; each time a {@link StreamController}
 * of its own goes on where the one before ended. Replicas are opened anew each time, and once more
 * for a restore; one that was handed over open ({@link
 * dev.stream.core.config.ReplicaConfig#of(String, dev.stream.api.replica.Replica)}) serves only
 * once. Safe for use by several threads.
 */
public final class Observer implements OpenObserver, MetricSource {

  private static final Logger LOG = LoggerFactory.getLogger(Observer.class);

  private final StreamConfig config;
  private final DatabaseConfig database;
  private final StreamListener listener;
  private volatile @Nullable StreamController controller;
  private volatile boolean missing;

  private Observer(StreamConfig config, StreamListener listener) throws ConfigException {
    this.config = config;
    this.database = config.requireDatabase();
    this.listener = SafeListener.of(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * An observer of the database that the configuration names. Opens nothing yet.
   *
   * @throws ConfigException if the configuration names no database
   */
  public static Observer of(StreamConfig config) throws ConfigException {
    return of(config, StreamListener.SILENT);
  }

  /**
   * An observer of the database that the configuration names. Opens nothing yet.
   *
   * @param listener who learns what happens, of each time the database is open
   * @throws ConfigException if the configuration names no database
   */
  public static Observer of(StreamConfig config, StreamListener listener) throws ConfigException {
    return new Observer(config, listener);
  }

  @Override
  public Path path() {
    return database.path();
  }

  /**
   * Restores the file if it is missing or defective and {@code restore.enabled} is set. A defective
   * file is kept beside its successor. If {@code restore.targetPath} names another file, that one
   * is restored if it is missing, and the database's is left as it is. If there is nothing to
   * restore from, and if restoring is not enabled, the file is left as it is, with a warning if it
   * is defective, and the database opens it, creates it, or refuses it by itself.
   *
   * @throws IOException if there is something to restore from and it cannot be restored, if the
   *     shadow directory cannot be used, or if a replica refuses its configuration; the file is as
   *     it was
   */
  @Override
  public void opening(PagedDatabaseProvider<?> provider, @Nullable String defect)
      throws IOException {
    AutoRestoreTarget target = AutoRestoreTarget.of(config);
    if (target.isDue(config, defect)) {
      String defectOfTarget = target.elsewhere() ? null : defect;
      try (ReplicationTargets stores = ReplicationTargets.open(config, null)) {
        var unused = stores.restore(target, provider, defectOfTarget, Clock.systemUTC(), listener);
      } catch (IOException e) {
        throw Interruption.plain(
            "interrupted while " + target.path() + " was to be restored; it is as it was", e);
      }
    }
    if (defect != null && !config.restore().enabled()) {
      leftDefective(
          defect,
          "\"restore\" is not enabled. Enable it to have the newest captured state restored at the"
              + " next start, or restore by hand.");
    } else if (defect != null && target.elsewhere()) {
      leftDefective(
          defect,
          "restore.targetPath has another file restored, "
              + target.path()
              + ". Restore the database by hand, or take the key out.");
    }
    missing = Files.notExists(path()) || Files.size(path()) == 0;
  }

  private void leftDefective(String defect, String since) {
    String message = path() + " is defective (" + defect + "); it is left as it is, since " + since;
    LOG.warn("{}", message);
    listener.onEvent(new StreamEvent.Notice(message));
  }

  /**
   * Begins capture, with a {@link StreamController} of its own. Closing what is returned seals what
   * was captured and waits for replicas that lag, at most {@code closeTimeout}, as {@link
   * StreamController#close} does.
   *
   * @throws IOException as {@link StreamController#start}, or if this observer captures already;
   *     everything is closed then, the database too
   */
  @Override
  public synchronized AutoCloseable opened(PagedDatabase opened) throws IOException {
    if (controller != null) {
      try (opened) {
        throw new IOException(
            "the observer of "
                + path()
                + " captures already; register it once, and open the file once at a time");
      }
    }
    StreamController started =
        StreamController.builder()
            .config(config)
            .database(opened)
            .created(missing)
            .listener(listener)
            .build();
    started.start();
    controller = started;
    return () -> end(started);
  }

  private void end(StreamController ending) {
    try {
      ending.close();
    } finally {
      synchronized (this) {
        if (controller == ending) {
          controller = null;
        }
      }
    }
  }

  /** Those of what captures; while the database is not open, what is known without it. */
  @Override
  public List<MetricFamily> metrics() {
    StreamController current = controller;
    if (current != null) {
      return current.metrics();
    }
    List<String> names = config.replicas().stream().map(ReplicaConfig::name).toList();
    StreamCounters none = new StreamCounters(names, Clock.systemUTC());
    return new MetricReport(path().toAbsolutePath().normalize().toString(), none, null, List.of())
        .families();
  }

  /** What captures, for its status and data loss window; null while the database is not open. */
  public @Nullable StreamController controller() {
    return controller;
  }
}
