package dev.stream.core.restore;

import static java.util.stream.Collectors.joining;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.file.TargetException;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.read.BlockFetchPipeline;
import dev.stream.core.read.ChainException;
import dev.stream.core.read.FetchMeter;
import dev.stream.core.read.Progress;
import dev.stream.core.read.ProofSearch;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.restore.RestoreCandidates.Failure;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.retry.FailureText;
import dev.stream.core.retry.Interruption;
import dev.stream.core.timeline.AlternativeOffer;
import dev.stream.core.timeline.CommitTimes;
import dev.stream.core.timeline.RestoreOffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Restores a database file from replicas.
 *
 * <p>The file appears under its name only when it is complete and proven: artefacts against their
 * checksums and against each other, the pages against the database checksum, and by the database's
 * own check. Until then an existing file stays as it is, and whatever fails leaves it so. Nothing
 * is left behind; a file that a killed restore left is removed by the next one to the same target.
 *
 * <p>Every replica is asked; the one with the newest state is taken, or, of a moment, the one whose
 * state is nearest to it. If it fails half-way the next one is tried from the start. Artefacts may
 * be deleted meanwhile: then it is listed again, and the same state made up of what is there now.
 *
 * <p>Memory: with the usual parallelism of 8 at most some 20 MiB, plus a bit per page of the
 * database, plus about 250 bytes per listed artefact; independent of the size of the database
 * otherwise. A heap of 128 MiB restores one of many gigabytes.
 *
 * <p>For one thread at a time; may be used again.
 */
public final class Restorer {

  private static final int MAX_DETOURS = 8;

  private final RestorerBuilder options;

  Restorer(RestorerBuilder options) {
    this.options = options;
  }

  /**
   * Begins to describe a restore.
   *
   * @param target the file to be restored
   * @param codecs where to find the codecs that artefacts name
   */
  public static RestorerBuilder builder(Path target, CodecLookup codecs) {
    return new RestorerBuilder(target, codecs);
  }

  /**
   * Begins to describe a restore from the replicas of a configuration, which are opened as needed.
   *
   * <pre>{@code
   * StreamConfig config = StreamConfig.read(Path.of("stream.json"), PluginRegistry.discover());
   * RestoreState restored = Restorer.builder(config, Path.of("restored.db")).build().restore();
   * }</pre>
   *
   * @param config names the replicas, and the database if it has one
   * @param target the file to be restored
   * @throws PluginException if two different plug-ins have one name
   */
  public static RestorerBuilder builder(StreamConfig config, Path target) throws PluginException {
    return builder(target, PluginRegistry.discover())
        .configured(config)
        .replicas(config.replicas());
  }

  /**
   * Begins to describe a restore by what is installed.
   *
   * @param target the file to be restored
   * @param plugins know the codecs and databases that artefacts name
   */
  public static RestorerBuilder builder(Path target, PluginRegistry plugins) {
    return new RestorerBuilder(target, plugins.codecs()).databases(plugins.databases());
  }

  /**
   * Restores.
   *
   * @return what was restored
   * @throws RestoreException if nothing was, saying why, for each replica, and what can be done
   */
  public RestoreState restore() throws RestoreException {
    List<ReplicaOnDemand> replicas = chosen();
    Progress progress = new Progress(options.listener);
    RestoreDestination destination = destination();
    // Kept open to the end: closing any channel of a file drops the locks that this process has on
    // it, such as whoever called took to keep others from opening it.
    try (DeltaBase old = DeltaBase.open(options.oldCopy, options.codecs)) {
      destination.removeAbandoned();
      progress.begin(RestorePhase.LIST, 0);
      RestoreCandidates candidates =
          RestoreCandidates.ask(replicas, options.state, options.retry, progress);
      return restore(candidates, destination, old, progress);
    } catch (RestoreException e) {
      throw e;
    } catch (IOException e) {
      if (Interruption.caused(e)) {
        throw interrupted(e);
      }
      if (e instanceof TargetException failed) {
        throw targetFailed(destination, failed);
      }
      throw new RestoreException(
          Reason.TARGET_FAILED,
          "cannot use "
              + destination.folders().stream().map(Path::toString).collect(joining(" or "))
              + " to restore "
              + destination.target()
              + ": "
              + FailureText.of(e),
          e);
    } finally {
      replicas.forEach(ReplicaOnDemand::close);
    }
  }

  /**
   * Tells what {@link #restore} would do now. The same replicas are listed, the same one is chosen,
   * and what would keep a restore from beginning is refused in the same way. Of the artefacts only
   * the header of the newest one is read. Nothing is changed.
   *
   * @throws RestoreException if a restore could not begin, as {@link #restore}
   */
  public RestorePreview preview() throws RestoreException {
    List<ReplicaOnDemand> replicas = chosen();
    RestoreDestination destination = destination();
    try {
      return preview(
          RestoreCandidates.ask(
              replicas, options.state, options.retry, new Progress(options.listener)),
          destination);
    } catch (RestoreException e) {
      throw e;
    } catch (IOException e) {
      throw new RestoreException(Reason.TARGET_FAILED, FailureText.of(e), e);
    } finally {
      replicas.forEach(ReplicaOnDemand::close);
    }
  }

  private RestorePreview preview(RestoreCandidates candidates, RestoreDestination destination)
      throws IOException {
    List<Failure> failures = new ArrayList<>(candidates.failures());
    for (RestoreOffer offer : candidates.offers()) {
      ArtefactHeader newest;
      try {
        newest = CommitTimes.header(offer.archive(), offer.plan().newestFirst().get(0));
      } catch (IOException e) {
        if (Interruption.caused(e)) {
          throw interrupted(e);
        }
        failures.add(new Failure(offer.replica(), FailureText.of(e)));
        continue;
      }
      destination.requireSpace(newest.highWaterMark() * newest.pageSize());
      List<String> warnings = new ArrayList<>(offer.plan().warnings());
      failures.forEach(failure -> warnings.add(failure.toWarning()));
      String reason = ReplicaChoice.reason(candidates, offer, options);
      return RestorePreview.of(
          destination.target(), offer, options.parallelism, reason, newest, warnings);
    }
    throw nothingRestored(candidates, failures);
  }

  private RestoreException nothingRestored(RestoreCandidates candidates, List<Failure> failures) {
    Reason reason =
        candidates.allEmpty()
            ? Reason.NOTHING_THERE
            : candidates.noneKnown() ? Reason.UNREACHABLE : Reason.NOT_RECOVERABLE;
    return new RestoreException(
        reason, "nothing was restored to " + options.target + ":" + Failure.list(failures));
  }

  /**
   * Tries whether the target, and the folder in which it is made, can be written. Changes nothing
   * and asks no replica.
   *
   * @throws RestoreException as {@link #restore}, if they cannot
   */
  public void rehearse() throws RestoreException {
    RestoreDestination unused = RestoreDestination.check(options);
  }

  /** Refuses what is known to be in the way before any replica is asked. */
  private RestoreDestination destination() throws RestoreException {
    RestoreDestination destination = RestoreDestination.check(options);
    if (options.database != null) {
      destination.requireNoLeftovers(options.database);
    }
    return destination;
  }

  private List<ReplicaOnDemand> chosen() throws RestoreException {
    String only = options.onlyReplica;
    List<ReplicaOnDemand> chosen =
        options.replicas.stream()
            .filter(replica -> only == null || replica.name().equals(only))
            .toList();
    if (chosen.isEmpty()) {
      throw new RestoreException(
          Reason.UNKNOWN_REPLICA,
          only == null
              ? "there is no replica to restore from"
              : "there is no replica \""
                  + only
                  + "\"; there is "
                  + options.replicas.stream().map(ReplicaOnDemand::name).collect(joining(", ")));
    }
    return chosen;
  }

  private RestoreState restore(
      RestoreCandidates candidates,
      RestoreDestination destination,
      @Nullable DeltaBase old,
      Progress progress)
      throws IOException {
    List<Failure> failures = new ArrayList<>(candidates.failures());
    List<RestoreOffer> left = new ArrayList<>(candidates.offers());
    int attempts = (1 + MAX_DETOURS) * left.size();
    while (!left.isEmpty() && attempts-- > 0) {
      RestoreOffer offer = left.remove(0);
      String reason = ReplicaChoice.reason(candidates, offer, options);
      progress.replicaChosen(offer.replica(), reason);
      RestoreState state = attempt(offer, reason, destination, old, progress, failures, left);
      if (state != null) {
        return failures.isEmpty() ? state : withWarnings(state, failures);
      }
    }
    throw nothingRestored(candidates, failures);
  }

  /**
   * Restores from one replica, around damaged artefacts if others make up the same state.
   *
   * @param others what is tried if it yields nothing, best first; gets the older state that it can
   *     yield instead, if that would do
   */
  private @Nullable RestoreState attempt(
      RestoreOffer first,
      String reason,
      RestoreDestination destination,
      @Nullable DeltaBase old,
      Progress progress,
      List<Failure> failures,
      List<RestoreOffer> others)
      throws IOException {
    RestoreOffer offer = first;
    long wanted = first.txId();
    int listings = 1;
    for (int detours = 0; ; detours++) {
      try (RestoreRun run = new RestoreRun(options, destination, offer, old, reason, progress)) {
        try {
          return run.run();
        } catch (RestoreException | TargetException e) {
          throw e;
        } catch (IOException e) {
          if (Interruption.caused(e)) {
            throw interrupted(e);
          }
          ArtefactDescriptor damaged = run.damaged();
          boolean afresh = run.gone() && listings < AlternativeOffer.MAX_LISTINGS;
          AlternativeOffer detour =
              damaged != null && afresh
                  ? AlternativeOffer.afresh(offer, damaged, options.state)
                  : e instanceof ChainException
                      ? AlternativeOffer.proven(
                          offer, options.state, wanted, search(offer, destination, progress))
                      : AlternativeOffer.around(offer, damaged, options.state, wanted);
          String problem = FailureText.of(e) + detour.consequence();
          failures.add(new Failure(offer.replica(), problem));
          progress.replicaFailed(offer.replica(), problem);
          if (detour.offer() == null || detours == MAX_DETOURS) {
            return null;
          }
          if (detour.offer().isOlderThan(offer) && !afresh) {
            others.add(detour.offer());
            others.sort(RestoreOffer.NEWEST_FIRST);
            return null;
          }
          offer = detour.offer();
          if (afresh) {
            listings++;
            wanted = offer.txId();
          }
        }
      }
    }
  }

  private ProofSearch search(
      RestoreOffer offer, RestoreDestination destination, Progress progress) {
    BlockFetchPipeline pipeline =
        new BlockFetchPipeline(
            offer.archive(), options.codecs, new FetchMeter(), options.parallelism);
    return new ProofSearch(pipeline, destination::scratch, progress);
  }

  private static RestoreState withWarnings(RestoreState state, List<Failure> failures) {
    List<String> warnings = new ArrayList<>(state.warnings());
    failures.forEach(failure -> warnings.add(failure.toWarning()));
    return state.with(warnings);
  }

  private static RestoreException interrupted(IOException cause) {
    Thread.currentThread().interrupt();
    return new RestoreException(Reason.INTERRUPTED, "interrupted; nothing was restored", cause);
  }

  private RestoreException targetFailed(RestoreDestination destination, TargetException e) {
    String message = e.getMessage() == null ? "the target cannot be written" : e.getMessage();
    boolean full =
        message.contains("No space left")
            || destination.folders().stream().anyMatch(f -> f.toFile().getUsableSpace() == 0);
    return full
        ? new RestoreException(
            Reason.NO_SPACE, message + "; make room or restore elsewhere. Nothing was changed", e)
        : new RestoreException(Reason.TARGET_FAILED, message + ". Nothing was changed", e);
  }
}
