package dev.stream.core.guard;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.ArtefactException;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.retry.Retry;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.upload.NamedReplica;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the replicas hold when a database is about to be captured: one listing each, and the header
 * of the newest artefact.
 *
 * @param found of each replica that holds something
 * @param silent replicas that did not answer
 */
record ReplicaHeads(List<ReplicaHead> found, List<String> silent) {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaHeads.class);

  /** Asks all at once; one that does not answer in time counts as silent. */
  static ReplicaHeads ask(List<NamedReplica> replicas, CodecLookup codecs, Duration patience)
      throws IOException {
    List<FutureTask<@Nullable ReplicaHead>> answers = new ArrayList<>();
    List<Thread> asking = new ArrayList<>();
    for (NamedReplica replica : replicas) {
      FutureTask<@Nullable ReplicaHead> answer = new FutureTask<>(() -> head(replica, codecs));
      Thread thread = new Thread(answer, "stream-ask-" + replica.name());
      thread.setDaemon(true);
      thread.start();
      answers.add(answer);
      asking.add(thread);
    }
    long deadline = System.nanoTime() + patience.toNanos();
    List<ReplicaHead> found = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    try {
      for (int i = 0; i < answers.size(); i++) {
        String name = replicas.get(i).name();
        try {
          long left = Math.max(0, deadline - System.nanoTime());
          ReplicaHead head = answers.get(i).get(left, TimeUnit.NANOSECONDS);
          if (head != null) {
            found.add(head);
          }
        } catch (TimeoutException e) {
          LOG.info("replica {} does not tell what it holds: no answer in time", name);
          silent.add(name);
        } catch (ExecutionException e) {
          LOG.info("replica {} does not tell what it holds: {}", name, "" + e.getCause());
          silent.add(name);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while replicas were asked");
    } finally {
      asking.forEach(Thread::interrupt);
    }
    return new ReplicaHeads(found, silent);
  }

  /** The newest state that any replica holds. */
  Optional<ReplicaHead> newest() {
    return found.stream()
        .filter(head -> head.state() != null)
        .max(Comparator.comparing(ReplicaHead::generation).thenComparing(ReplicaHeads::txId));
  }

  private static long txId(ReplicaHead head) {
    DatabaseState state = head.state();
    return state == null ? -1 : state.txId();
  }

  private static @Nullable ReplicaHead head(NamedReplica replica, CodecLookup codecs)
      throws IOException {
    ReplicaArchive archive = new ReplicaArchive(replica.replica(), Retry.none());
    ArchiveListing listing = archive.list();
    if (listing.generations().stream().allMatch(one -> one.snapshots().isEmpty())) {
      return null;
    }
    GenerationListing newest = listing.newest().orElseThrow();
    if (!(RestorePlanner.plan(listing, RestoreTarget.NEWEST) instanceof RestorePlan plan)) {
      return ReplicaHead.unknown(replica.name(), newest.id());
    }
    ArtefactDescriptor last =
        plan.segments().isEmpty()
            ? plan.snapshot()
            : plan.segments().get(plan.segments().size() - 1);
    try (ArtefactReader reader =
        ArtefactReader.open(archive.source(last.key(), last.size()), last.key().value(), codecs)) {
      ArtefactHeader header = reader.header();
      return new ReplicaHead(
          replica.name(),
          plan.generation(),
          DatabaseState.of(
              header.txId(),
              header.checksum(),
              header.pageSize(),
              header.highWaterMark(),
              header.additionalAttrs().getOrDefault(ArtefactHeader.POSITION, "")),
          Objects.requireNonNullElseGet(
              CommitClock.of(header), () -> CommitClock.begin(plan.generation().bornAt())));
    } catch (ArtefactException e) {
      LOG.warn("replica {}: {}", replica.name(), e.getMessage());
      return ReplicaHead.unknown(replica.name(), plan.generation());
    }
  }
}
