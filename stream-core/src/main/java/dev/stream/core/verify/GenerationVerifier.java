package dev.stream.core.verify;

import dev.stream.api.replica.ReplicaException;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.read.ArtefactDamage;
import dev.stream.core.read.BlockFetchPipeline;
import dev.stream.core.read.Progress;
import dev.stream.core.read.ProofSearch;
import dev.stream.core.retry.FailureText;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.state.TxRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies one generation. First it proves the newest state, which reads each of its artefacts
 * once; if that succeeds only the others are left to be read. If not, every artefact is read by
 * itself to find the bad ones, and the newest state that can do without them is proven; where whole
 * artefacts do not make up what they say, the newest state that they do make up is searched for.
 */
final class GenerationVerifier {

  private final GenerationListing generation;
  private final Set<Long> pinned;
  private final BlockFetchPipeline pipeline;
  private final Progress progress;
  private final Map<String, VerifiedArtefact> good = new ConcurrentHashMap<>();
  private final List<VerifyProblem> problems = new ArrayList<>();
  private @Nullable Long provenTxId;
  private @Nullable Long provenChecksum;

  /**
   * A verifier.
   *
   * @param pinned transactions whose states have a name
   */
  GenerationVerifier(
      GenerationListing generation,
      Set<Long> pinned,
      BlockFetchPipeline pipeline,
      Progress progress) {
    this.generation = generation;
    this.pinned = pinned;
    this.pipeline = pipeline;
    this.progress = progress;
  }

  /**
   * Reads everything.
   *
   * @throws IOException if the replica cannot be read, so that nothing can be said
   */
  GenerationReport verify() throws IOException {
    long bytes = generation.artefacts().stream().mapToLong(ArtefactDescriptor::size).sum();
    progress.begin(RestorePhase.FETCH, bytes);
    boolean proven = prove(generation, false);
    if (!proven) {
      good.clear();
      progress.begin(RestorePhase.FETCH, bytes);
    }
    readOthers();
    ChainAudit audit = new ChainAudit(good.values());
    problems.addAll(audit.problems());
    GenerationListing usable =
        listing(audit.consistent().stream().map(VerifiedArtefact::descriptor).toList());
    if (!proven && !usable.snapshots().isEmpty()) {
      progress.begin(RestorePhase.PROVE, bytes);
      if (!prove(usable, true)) {
        usable = provable(usable);
      }
    }
    StateGraph graph = new StateGraph(usable);
    List<TxRange> ranges = graph.ranges();
    nameGaps(graph, ranges);
    return new GenerationReport(
        generation.id(),
        generation.snapshots().size(),
        generation.segments().size(),
        bytes,
        newest(),
        ranges,
        new TreeSet<>(graph.reachable().stream().boxed().toList()),
        good.values().stream()
            .map(VerifiedArtefact::whole)
            .sorted(Comparator.comparing(WholeArtefact::key))
            .toList(),
        provenTxId,
        provenChecksum,
        problems);
  }

  private long newest() {
    return generation.newestTxId().orElse(0);
  }

  /** Proves the newest state that a listing can yield. */
  private boolean prove(GenerationListing listing, boolean last) throws IOException {
    RestoreDecision decision =
        RestorePlanner.plan(
            new ArchiveListing(List.of(listing)), new RestoreTarget.Newest(listing.id(), true));
    if (!(decision instanceof RestorePlan plan)) {
      return false;
    }
    Map<String, VerifiedArtefact> read = new ConcurrentHashMap<>();
    try {
      ChainProof proof = new ChainProof(read, progress);
      pipeline.read(plan.newestFirst(), proof);
      provenChecksum = proof.checksum();
      provenTxId = plan.txId();
      good.putAll(read);
      return true;
    } catch (IOException e) {
      if (!ArtefactDamage.isDamage(e)) {
        throw e;
      }
      if (last) {
        problems.add(new VerifyProblem(null, FailureText.of(e)));
      }
      return false;
    }
  }

  /** What is left without all that comes after the newest state that can be proven. */
  private GenerationListing provable(GenerationListing usable) throws IOException {
    ProofSearch search = new ProofSearch(pipeline, GenerationVerifier::scratch, progress);
    Optional<ProofSearch.Proven> found = search.newest(usable);
    if (found.isPresent()) {
      provenTxId = found.get().plan().txId();
      provenChecksum = found.get().checksum();
    }
    long end = found.isPresent() ? found.get().plan().txId() : -1;
    return listing(usable.artefacts().stream().filter(one -> one.lastTxId() <= end).toList());
  }

  private static Path scratch() {
    return Path.of(System.getProperty("java.io.tmpdir"))
        .resolve("stream-verify-" + UUID.randomUUID());
  }

  private void readOthers() throws IOException {
    List<ArtefactDescriptor> others =
        generation.artefacts().stream()
            .filter(artefact -> !good.containsKey(artefact.key().value()))
            .toList();
    Map<String, VerifiedArtefact> read = new ConcurrentHashMap<>();
    ArtefactAudit audit = new ArtefactAudit(read, progress);
    pipeline.read(others, audit);
    new TreeMap<>(audit.bad())
        .forEach(
            (key, failure) -> {
              read.remove(key);
              problems.add(new VerifyProblem(key, text(key, failure)));
            });
    good.putAll(read);
  }

  private static String text(String key, IOException failure) {
    String text = FailureText.of(failure);
    boolean named = text.contains(key) || failure instanceof ReplicaException;
    return named ? text : key + ": " + text;
  }

  /** What is missing although something before and something after it is there. */
  private void nameGaps(StateGraph usable, List<TxRange> ranges) {
    if (ranges.isEmpty()) {
      problems.add(
          new VerifyProblem(
              null,
              "generation "
                  + generation.id()
                  + (generation.snapshots().isEmpty()
                      ? " has no snapshot to begin with"
                      : " has no snapshot that is whole")));
      return;
    }
    for (int i = 1; i < ranges.size(); i++) {
      long before = ranges.get(i - 1).last();
      long after = ranges.get(i).first();
      if (pinned.contains(before)) {
        continue; // Retention keeps a pinned state, and nothing of what followed it.
      }
      List<TxRange> missing = usable.gaps(before, after);
      if (!isOldEnd(missing)) {
        gap(missing, before, "the next state is that of snapshot " + after);
      }
    }
    long reach = ranges.get(ranges.size() - 1).last();
    if (reach < newest()) {
      gap(usable.gaps(reach, newest()), reach, "nothing after it can be recovered");
    }
  }

  /**
   * Whether no segment is as old as what is missing: retention leaves it so where snapshots outlive
   * segments, which go oldest first. The runs that can be recovered tell of it.
   */
  private boolean isOldEnd(List<TxRange> missing) {
    long end = missing.isEmpty() ? 0 : missing.get(missing.size() - 1).last();
    return !missing.isEmpty()
        && generation.segments().stream().noneMatch(segment -> segment.parentTxId() < end);
  }

  private void gap(List<TxRange> missing, long before, String consequence) {
    problems.add(
        new VerifyProblem(
            null,
            "transactions "
                + String.join(", ", missing.stream().map(TxRange::toString).toList())
                + " are missing or unusable, so recovery from before ends at transaction "
                + before
                + "; "
                + consequence));
  }

  private GenerationListing listing(List<ArtefactDescriptor> artefacts) {
    return ArchiveListing.of(artefacts)
        .generation(generation.id())
        .orElse(new GenerationListing(generation.id(), List.of(), List.of()));
  }
}
