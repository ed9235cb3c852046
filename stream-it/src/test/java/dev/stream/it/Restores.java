package dev.stream.it;

import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.timeline.Timeline;
import dev.stream.core.verify.ReplicaVerifier;
import dev.stream.core.verify.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Restores from one replica into a folder of its own. For one thread. */
public final class Restores {

  private final Replica replica;
  private final Path folder;
  private final PluginRegistry plugins;
  private int count;

  public Restores(Replica replica, Path folder) throws IOException {
    this.replica = replica;
    this.folder = folder;
    this.plugins = PluginRegistry.discover();
  }

  /** Restores from a folder. */
  public static Restores from(Path replica, Path folder) throws IOException {
    return new Restores(Stores.folder(replica), folder);
  }

  public ArchiveListing listing() throws IOException {
    return new ReplicaArchive(replica).list();
  }

  /** How a state would be restored, or why it cannot be. */
  RestoreDecision decision(RestoreTarget target) throws IOException {
    ReplicaArchive archive = new ReplicaArchive(replica);
    return Timeline.of(archive, archive.list()).find(target).decision();
  }

  public GenerationListing newestGeneration() throws IOException {
    return listing().newest().orElseThrow(() -> new AssertionError("the replica is empty"));
  }

  /** The transactions at which an artefact ends, which are those that can be restored. */
  static Set<Long> ends(GenerationListing generation) {
    Set<Long> ends = new TreeSet<>();
    generation.snapshots().stream().map(SnapshotDescriptor::txId).forEach(ends::add);
    long first = ends.isEmpty() ? Long.MAX_VALUE : ends.iterator().next();
    generation.segments().stream()
        .map(SegmentDescriptor::lastTxId)
        .filter(tx -> tx >= first)
        .forEach(ends::add);
    return ends;
  }

  /** Restores a state to a new file, which the caller deletes. */
  public RestoreState restore(RestoreTarget target, DatabaseCheck check) throws IOException {
    return restorer().state(target).check(check).parallelism(2).build().restore();
  }

  /**
   * Restores the newest state as it is done without further wishes; the caller deletes the file.
   */
  public RestoreState restoreAsUsual() throws IOException {
    return restorer().build().restore();
  }

  private RestorerBuilder restorer() {
    Path file = folder.resolve("restored-" + count++ + ".db");
    return Restorer.builder(file, plugins::openCodec)
        .replica("replica", replica)
        .databases(this::database);
  }

  private @Nullable PagedDatabaseProvider<?> database(String type) {
    try {
      return plugins.database(type);
    } catch (PluginException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] newest() throws IOException {
    return bytes(restore(RestoreTarget.NEWEST, DatabaseCheck.QUICK));
  }

  public byte[] at(GenerationId generation, long txId) throws IOException {
    return bytes(restore(new RestoreTarget.Transaction(generation, txId), DatabaseCheck.QUICK));
  }

  private static byte[] bytes(RestoreState state) throws IOException {
    byte[] bytes = Files.readAllBytes(state.path());
    Files.delete(state.path());
    return bytes;
  }

  public VerifyReport verify() throws IOException {
    return new ReplicaVerifier(
            "replica", new ReplicaArchive(replica), plugins::openCodec, 2, RestoreListener.SILENT)
        .verify(false);
  }
}
