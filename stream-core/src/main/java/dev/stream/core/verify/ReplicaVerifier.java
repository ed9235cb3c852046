package dev.stream.core.verify;

import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.read.BlockFetchPipeline;
import dev.stream.core.read.FetchMeter;
import dev.stream.core.read.Progress;
import dev.stream.core.restore.Restorer;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a replica back and proves it: every artefact against its checksums, artefacts against each
 * other, and the newest state of each generation by its database checksum, as a restore would, but
 * without writing a file. Memory as for {@link Restorer}. For one thread at a time.
 */
public final class ReplicaVerifier {

  private static final int MAX_LISTINGS = 3;
  private static final int USUAL_PARALLELISM = 8;

  private final String name;
  private final ReplicaArchive archive;
  private final BlockFetchPipeline pipeline;
  private final FetchMeter meter = new FetchMeter();
  private final Progress progress;

  /**
   * A verifier.
   *
   * @param name of the replica, for the report
   * @param replica what is to be read; left open
   * @param codecs where to find the codecs that artefacts name
   * @param parallelism requests and blocks worked on at once, 1 to 64; 8 is usual
   * @param listener learns how it goes
   */
  public ReplicaVerifier(
      String name, Replica replica, CodecLookup codecs, int parallelism, RestoreListener listener) {
    this(name, new ReplicaArchive(replica), codecs, parallelism, listener);
  }

  /**
   * A verifier, for Stream's own use.
   *
   * @param name of the replica, for the report
   * @param archive what is to be read
   * @param codecs where to find the codecs that artefacts name
   * @param parallelism requests and blocks worked on at once, 1 to 64; 8 is usual
   * @param listener learns how it goes
   */
  @SuppressWarnings("exports")
  public ReplicaVerifier(
      String name,
      ReplicaArchive archive,
      CodecLookup codecs,
      int parallelism,
      RestoreListener listener) {
    if (parallelism < 1 || parallelism > 64) {
      throw new IllegalArgumentException("parallelism must be 1 to 64: " + parallelism);
    }
    this.name = name;
    this.archive = archive;
    this.pipeline = new BlockFetchPipeline(archive, codecs, meter, parallelism);
    this.progress = new Progress(listener);
  }

  /**
   * Reads a replica of a configuration back, whole, and proves it.
   *
   * <pre>{@code
   * for (ReplicaConfig replica : config.replicas()) {
   *   VerifyReport report = ReplicaVerifier.verify(replica);
   *   System.out.println(replica.name() + (report.ok() ? " is sound" : " is damaged: " + report));
   * }
   * }</pre>
   *
   * @throws IOException if the replica cannot be opened, listed or read, so that nothing can be
   *     said of it
   */
  public static VerifyReport verify(ReplicaConfig config) throws IOException {
    try (Replica replica = config.open()) {
      return new ReplicaVerifier(
              config.name(),
              replica,
              PluginRegistry.discover().codecs(),
              USUAL_PARALLELISM,
              RestoreListener.SILENT)
          .verify(false);
    }
  }

  /**
   * Verifies.
   *
   * @param newestOnly only the generation born last
   * @throws IOException if the replica cannot be listed or read, so that nothing can be said of it
   */
  public VerifyReport verify(boolean newestOnly) throws IOException {
    long startedAt = System.nanoTime();
    progress.begin(RestorePhase.LIST, 0);
    ArchiveListing listing = archive.list();
    List<GenerationListing> generations = listing.generations();
    int first = newestOnly ? Math.max(0, generations.size() - 1) : 0;
    List<GenerationReport> reports = new ArrayList<>();
    for (GenerationListing generation : generations.subList(first, generations.size())) {
      GenerationReport report = verify(generation, pinned(listing, generation.id()));
      if (report != null) {
        reports.add(report);
      }
    }
    return new VerifyReport(
        name,
        reports,
        meter.objects(),
        meter.bytes(),
        Duration.ofNanos(System.nanoTime() - startedAt));
  }

  /** Artefacts may rightly go while others are read: then what is left is what counts. */
  private @Nullable GenerationReport verify(GenerationListing listed, Set<Long> pinned)
      throws IOException {
    GenerationListing generation = listed;
    for (int listings = 1; ; listings++) {
      GenerationReport report =
          new GenerationVerifier(generation, pinned, pipeline, progress).verify();
      if (report.ok() || listings == MAX_LISTINGS) {
        return report;
      }
      GenerationListing now = archive.list(listed.id()).generation(listed.id()).orElse(null);
      if (now == null) {
        return null;
      }
      if (keys(now).containsAll(keys(generation))) {
        return report;
      }
      generation = now;
    }
  }

  private static Set<Long> pinned(ArchiveListing listing, GenerationId generation) {
    return listing.pins().stream()
        .filter(pin -> pin.generation().equals(generation))
        .map(PinDescriptor::txId)
        .collect(Collectors.toSet());
  }

  private static Set<String> keys(GenerationListing generation) {
    return generation.artefacts().stream()
        .map(artefact -> artefact.key().value())
        .collect(Collectors.toSet());
  }
}
