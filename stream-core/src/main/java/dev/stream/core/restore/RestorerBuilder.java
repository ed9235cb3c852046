package dev.stream.core.restore;

import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.Replica;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.file.FileRenaming;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.DatabaseLookup;
import dev.stream.core.plugin.ReplicaOpener;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.retry.Retry;
import dev.stream.core.state.RestoreTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link Restorer} needs. For one thread. */
public final class RestorerBuilder {

  private static final int DEFAULT_PARALLELISM = 8;

  final Path target;
  final CodecLookup codecs;
  final List<ReplicaOnDemand> replicas = new ArrayList<>();
  DatabaseLookup databases = DatabaseLookup.NONE;
  @Nullable PagedDatabaseProvider<?> database;
  @Nullable String onlyReplica;
  RestoreTarget state = RestoreTarget.NEWEST;
  boolean force;
  @Nullable String keptSuffix;
  @Nullable Path oldCopy;
  @Nullable Path tempDir;
  boolean sharedDisk;
  DatabaseCheck check = DatabaseCheck.QUICK;
  int parallelism = DEFAULT_PARALLELISM;
  Retry retry = Retry.brisk();
  RestoreListener listener = RestoreListener.SILENT;
  // Not Files.getFileStore: it looks for a mount point, which a container may not show.
  RestoreDestination.Space space = folder -> folder.toFile().getUsableSpace();
  FileRenaming renaming = (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);

  RestorerBuilder(Path target, CodecLookup codecs) {
    this.target = Objects.requireNonNull(target, "target");
    this.codecs = Objects.requireNonNull(codecs, "codecs");
  }

  /** Adds a replica that is open; whoever opened it closes it. */
  public RestorerBuilder replica(String name, Replica replica) {
    replicas.add(ReplicaOnDemand.lent(name, () -> replica));
    return this;
  }

  /** Adds a replica that is opened, and closed, as needed; one that cannot be is passed over. */
  public RestorerBuilder replica(String name, ReplicaOpener opener) {
    replicas.add(ReplicaOnDemand.of(name, opener));
    return this;
  }

  /**
   * Adds a replica that is opened if need be, and left open: whoever lends it closes it. For
   * Stream's own use.
   */
  @SuppressWarnings("exports")
  public RestorerBuilder replica(ReplicaOnDemand lent) {
    replicas.add(ReplicaOnDemand.lent(lent.name(), lent::open));
    return this;
  }

  /** Adds replicas as they are configured, which are opened, and closed, as needed. */
  public RestorerBuilder replicas(List<ReplicaConfig> configured) {
    configured.forEach(one -> replica(one.name(), one::open));
    return this;
  }

  /**
   * Takes over what a configuration says of the database and of {@link #tempDir}, and not its
   * replicas. Null for none.
   */
  public RestorerBuilder configured(@Nullable StreamConfig config) {
    if (config != null) {
      DatabaseConfig source = config.database();
      tempDir(config.restore().tempDir());
      database(source == null ? null : source.provider());
    }
    return this;
  }

  /** Restores from this one alone. Null for any. */
  public RestorerBuilder onlyReplica(@Nullable String name) {
    this.onlyReplica = name;
    return this;
  }

  /** Which state is wanted; the newest if not said. */
  public RestorerBuilder state(RestoreTarget wanted) {
    this.state = Objects.requireNonNull(wanted, "state");
    return this;
  }

  /** Where to find what knows the type of database that the artefacts name. */
  public RestorerBuilder databases(DatabaseLookup lookup) {
    this.databases = Objects.requireNonNull(lookup, "databases");
    return this;
  }

  /**
   * What knows the database, if that is known beforehand: then leftovers beside the target are
   * noticed before anything is fetched. Null if it is not.
   */
  public RestorerBuilder database(@Nullable PagedDatabaseProvider<?> provider) {
    this.database = provider;
    return this;
  }

  /**
   * Whether an existing target, and leftovers beside it, are replaced; they are refused if not.
   *
   * <p>Nobody may have the target open as a database meanwhile: it would go on with the replaced
   * file, and what it writes would be lost. That is the caller's to see to. It is not looked for
   * here, because looking, in the process that has the database open, would drop its locks.
   */
  public RestorerBuilder force(boolean replace) {
    this.force = replace;
    return this;
  }

  /**
   * Replaces an existing target, and what lies beside it, but keeps it all beside, as the names it
   * has with a dot and this suffix appended, and a number if they are taken. The target's name
   * never leads nowhere meanwhile, unless something lies beside it or the file system has no links:
   * then it does between two renamings.
   */
  public RestorerBuilder keepReplaced(String suffix) {
    this.force = true;
    this.keptSuffix = Objects.requireNonNull(suffix, "suffix");
    return this;
  }

  /**
   * Takes from an older copy of the database what still is the same instead of fetching it: whole
   * blocks, which are found by packing the copy's pages as they were packed in the artefact. The
   * copy may be of any state, damaged, or of another database; if it is missing or no plain file,
   * everything is fetched. It may be the target itself, and is not changed. The result is proven as
   * without it.
   *
   * <p>Not a file that this process has open as a database: closing it would take its locks.
   */
  public RestorerBuilder reuse(Path old) {
    this.oldCopy = Objects.requireNonNull(old, "old");
    return this;
  }

  /**
   * The folder in which the file is made, private until it is in place; beside the target if null
   * or not said. It has to exist. If it is on another file system the proven file is copied beside
   * the target, which takes the room twice, and the copy compared with it byte for byte.
   */
  public RestorerBuilder tempDir(@Nullable Path folder) {
    this.tempDir = folder;
    return this;
  }

  /**
   * Whether an application commits to the disk that is written to: the restore then leaves the disk
   * to it every mebibyte, and takes longer. Else a commit waits for all that was written before it,
   * half a second and more. False if not said.
   */
  public RestorerBuilder sharedDisk(boolean shared) {
    this.sharedDisk = shared;
    return this;
  }

  /** How the database looks over the file; {@link DatabaseCheck#QUICK} if not said. */
  public RestorerBuilder check(DatabaseCheck how) {
    this.check = Objects.requireNonNull(how, "check");
    return this;
  }

  /**
   * How many requests and blocks are worked on at once, 1 to 64; 8 if not said. Memory grows with
   * it: some 5 MiB for each.
   */
  public RestorerBuilder parallelism(int threads) {
    if (threads < 1 || threads > 64) {
      throw new IllegalArgumentException("parallelism must be 1 to 64: " + threads);
    }
    this.parallelism = threads;
    return this;
  }

  /** How patient to be with a replica; {@link Retry#brisk()} if not said. For Stream's own use. */
  @SuppressWarnings("exports")
  public RestorerBuilder retry(Retry patience) {
    this.retry = Objects.requireNonNull(patience, "retry");
    return this;
  }

  /** Who learns how it goes. */
  public RestorerBuilder listener(RestoreListener progress) {
    this.listener = Objects.requireNonNull(progress, "listener");
    return this;
  }

  RestorerBuilder space(RestoreDestination.Space usable) {
    this.space = usable;
    return this;
  }

  RestorerBuilder renaming(FileRenaming how) {
    this.renaming = how;
    return this;
  }

  /** The restorer; the builder must not be used any more. */
  public Restorer build() {
    return new Restorer(this);
  }
}
