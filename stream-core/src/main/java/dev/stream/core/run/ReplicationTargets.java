package dev.stream.core.run;

import dev.stream.api.codec.Codec;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.OnUnreachable;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.count.CountedReplica;
import dev.stream.core.count.ReplicaCounters;
import dev.stream.core.count.StreamCounters;
import dev.stream.core.event.StreamListener;
import dev.stream.core.file.FileRights;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.RestoreOutcome;
import dev.stream.core.retry.Retry;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.WriterId;
import dev.stream.core.upload.MarkedReplica;
import dev.stream.core.upload.NamedReplica;
import dev.stream.core.upload.RemoteReplica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a database's commits go, open: the shadow directory and the replicas. What restores a
 * database before it is opened and what replicates it afterwards both work with this.
 */
public final class ReplicationTargets implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicationTargets.class);

  /** How long capture waits for stores that do not answer, in case they refuse. */
  private static final Duration OPEN_PATIENCE = Duration.ofSeconds(2);

  private final StreamConfig config;
  private final CodecLookup codecs;
  private final Codec codec;
  private final ShadowDirectory shadow;
  private final List<NamedReplica> replicas = new ArrayList<>();

  private ReplicationTargets(
      StreamConfig config, CodecLookup codecs, Codec codec, ShadowDirectory shadow) {
    this.config = config;
    this.codecs = codecs;
    this.codec = codec;
    this.shadow = shadow;
  }

  /**
   * Takes hold of the shadow directory and begins to open the replicas.
   *
   * @param plugins where to find codecs that older artefacts name; null for what can be discovered
   * @throws IOException if the shadow directory cannot be used or a replica refuses its
   *     configuration; nothing is open then. A replica that just cannot be reached is no reason
   */
  public static ReplicationTargets open(StreamConfig config, @Nullable PluginRegistry plugins)
      throws IOException {
    return open(config, plugins, null);
  }

  /**
   * As above.
   *
   * @param counters where to count what is asked of the replicas; null for nowhere
   */
  public static ReplicationTargets open(
      StreamConfig config, @Nullable PluginRegistry plugins, @Nullable StreamCounters counters)
      throws IOException {
    ConfiguredFolders.of(config).requireApart();
    PluginRegistry registry = plugins == null ? PluginRegistry.discover() : plugins;
    CodecLookup codecs =
        name ->
            name.equals(config.compression().codec())
                ? config.compression().open()
                : registry.openCodec(name);
    ReplicationTargets stores =
        new ReplicationTargets(
            config,
            codecs,
            config.compression().open(),
            ShadowDirectory.open(config.shadowDir(), rights(config)));
    try {
      stores.openReplicas(counters);
      return stores;
    } catch (IOException | RuntimeException | Error e) {
      stores.close(e);
      throw e;
    }
  }

  private static FileRights rights(StreamConfig config) throws IOException {
    DatabaseConfig database = config.database();
    return database == null ? FileRights.PRIVATE : FileRights.of(database.path());
  }

  private void openReplicas(@Nullable StreamCounters counters) throws IOException {
    List<RemoteReplica> opening = new ArrayList<>();
    DatabaseConfig source = config.database();
    Path database = source == null ? null : source.path();
    for (ReplicaConfig replica : config.replicas()) {
      RemoteReplica remote = RemoteReplica.begin(replica, database);
      opening.add(remote);
      boolean local = ConfiguredFolders.folder(replica) != null;
      ReplicaCounters of = counters == null ? null : counters.operations(replica.name());
      Replica counted = of == null ? remote : new CountedReplica(remote, of);
      MarkedReplica marked = new MarkedReplica(counted, replica.name(), shadow, local);
      replicas.add(new NamedReplica(replica.name(), marked));
    }
    long deadline = System.nanoTime() + OPEN_PATIENCE.toNanos();
    for (RemoteReplica replica : opening) {
      replica.awaitOpen(deadline);
    }
  }

  public ShadowDirectory shadow() {
    return shadow;
  }

  public List<NamedReplica> replicas() {
    return replicas;
  }

  /** Compresses what is written. */
  public Codec codec() {
    return codec;
  }

  /** Finds what reads earlier artefacts. */
  public CodecLookup codecs() {
    return codecs;
  }

  /**
   * Restores a file that nobody has open, if there is anything to restore from.
   *
   * @param defect what is wrong with the file that is there; null if it is missing
   * @return whether it was restored, or there was nothing
   * @throws IOException if there is, and it cannot be restored; the file is as it was then
   */
  public RestoreOutcome restore(
      AutoRestoreTarget target,
      PagedDatabaseProvider<?> provider,
      @Nullable String defect,
      Clock clock,
      StreamListener listener)
      throws IOException {
    ArtefactEncoding encoding =
        new ArtefactEncoding(
            codec,
            config.compression().settings(),
            provider.type(),
            WriterId.of(shadow).id(),
            Runnable::run,
            clock);
    return new AutoRestore(target, config.restore(), provider, shadow, defect, clock, listener)
        .run(replicas, codecs, encoding);
  }

  /**
   * Whether neither the shadow directory nor any replica has anything of a database. A replica that
   * cannot be asked may have, unless the configuration says to start all the same.
   */
  public boolean holdNothing() throws IOException {
    boolean anything = !shadow.list().generations().isEmpty();
    for (NamedReplica replica : replicas) {
      try {
        anything |=
            !new ReplicaArchive(replica.replica(), Retry.none()).list().generations().isEmpty();
      } catch (IOException e) {
        LOG.info("replica {} does not tell what it holds: {}", replica.name(), e.toString());
        anything |= config.restore().onUnreachable() == OnUnreachable.FAIL;
      }
    }
    return !anything;
  }

  /** Closes everything; what fails is told along with {@code cause}. */
  public void close(Throwable cause) {
    List<AutoCloseable> open = new ArrayList<>();
    open.add(shadow);
    replicas.forEach(replica -> open.add(replica.replica()));
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    Exception failures = new Exception();
    close(failures);
    for (Throwable failure : failures.getSuppressed()) {
      LOG.warn("not closed as it should be, which harms nothing: {}", failure.toString());
    }
  }
}
