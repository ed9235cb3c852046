package dev.stream.core.follow;

import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.DatabaseLookup;
import dev.stream.core.plugin.ReplicaOpener;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.retry.Retry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link Follower} needs. For one thread. */
public final class FollowerBuilder {

  final Path copy;
  final CodecLookup codecs;
  final List<FollowReplica> replicas = new ArrayList<>();
  DatabaseLookup databases = DatabaseLookup.NONE;
  @Nullable PagedDatabaseProvider<?> database;
  boolean force;
  Duration interval = Duration.ofSeconds(1);
  Retry retry = Retry.brisk();
  FollowListener listener = FollowListener.SILENT;
  RestoreListener progress = RestoreListener.SILENT;
  LongSupplier nanoTime = System::nanoTime;

  FollowerBuilder(Path copy, CodecLookup codecs) {
    this.copy = copy.toAbsolutePath();
    this.codecs = Objects.requireNonNull(codecs, "codecs");
  }

  /** Adds a replica, which is opened when needed and closed at the end. At least one is needed. */
  public FollowerBuilder replica(String name, ReplicaOpener opener) {
    replicas.add(new FollowReplica(ReplicaOnDemand.of(name, opener)));
    return this;
  }

  /** Adds replicas as they are configured, which are opened when needed and closed at the end. */
  public FollowerBuilder replicas(List<ReplicaConfig> configured) {
    configured.forEach(one -> replica(one.name(), one::open));
    return this;
  }

  /** Takes over what a configuration says of the database, and not its replicas. Null for none. */
  public FollowerBuilder configured(@Nullable StreamConfig config) {
    DatabaseConfig source = config == null ? null : config.database();
    return database(source == null ? null : source.provider());
  }

  /** Where to find what knows the type of database that the artefacts name. */
  public FollowerBuilder databases(DatabaseLookup lookup) {
    this.databases = Objects.requireNonNull(lookup, "databases");
    return this;
  }

  /** What knows the database; null to find out from an artefact. */
  public FollowerBuilder database(@Nullable PagedDatabaseProvider<?> provider) {
    this.database = provider;
    return this;
  }

  /** Whether a file that is no copy of Stream's is replaced; it is refused if not. */
  public FollowerBuilder force(boolean replace) {
    this.force = replace;
    return this;
  }

  /** How often to look for something new; every second if not said. */
  public FollowerBuilder interval(Duration pause) {
    if (pause.compareTo(Duration.ofMillis(10)) < 0) {
      throw new IllegalArgumentException("interval must be at least 10ms: " + pause);
    }
    this.interval = pause;
    return this;
  }

  /** How patient to be with a replica in one attempt; {@link Retry#brisk()} if not said. */
  FollowerBuilder retry(Retry patience) {
    this.retry = Objects.requireNonNull(patience, "retry");
    return this;
  }

  /** Who learns how it goes. */
  public FollowerBuilder listener(FollowListener listens) {
    this.listener = new SafeFollowListener(Objects.requireNonNull(listens, "listener"));
    return this;
  }

  /** Who learns how a restore of the whole copy goes. */
  public FollowerBuilder progress(RestoreListener listens) {
    this.progress = Objects.requireNonNull(listens, "progress");
    return this;
  }

  FollowerBuilder nanoTime(LongSupplier clock) {
    this.nanoTime = clock;
    return this;
  }

  /** The follower; the builder must not be used any more. */
  public Follower build() {
    return new Follower(this);
  }
}
