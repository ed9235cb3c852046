package dev.stream.core.replicate;

import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.upload.ReplicaUploader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a replication in order: capture, snapshots, the database, sealing, the replicas, the
 * threads. Whatever fails is noted and the next one is ended all the same.
 */
final class CloseSequence {

  private static final Logger LOG = LoggerFactory.getLogger(CloseSequence.class);

  private final ReplicationParts parts;
  private final Tasks tasks;
  private final List<String> left = new ArrayList<>();

  CloseSequence(ReplicationParts parts, Tasks tasks) {
    this.parts = parts;
    this.tasks = tasks;
  }

  /**
   * Ends everything.
   *
   * @param running whether capture had begun
   * @param deadlineNanos how long to wait for what is not done yet
   * @param last what is to be closed at the end
   * @return what is left for the next start
   */
  List<String> run(boolean running, long deadlineNanos, Step last) {
    boolean interrupted = Thread.interrupted();
    try {
      endCapture(running, deadlineNanos);
      awaitReplicas(running, deadlineNanos);
    } catch (InterruptedException e) {
      interrupted = true;
      left.add("closing was interrupted");
    }
    endThreads();
    attempt("close the shadow directory", last);
    if (!left.isEmpty()) {
      LOG.warn("closed; left for the next start: {}", String.join("; ", left));
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(left);
  }

  private void endCapture(boolean running, long deadline) throws InterruptedException {
    if (running) {
      attempt("deliver the last commits", parts.database()::sync);
      parts.snapshots().stop();
      parts.snapshots().awaitEnd(mostOf(deadline));
    }
    parts.snapshots().cancel();
    parts.snapshots().awaitEnd(inFiveSeconds());
    parts.snapshots().closeBase();
    attempt("close the database", parts.database()::close);
    parts.sealing().stop();
    parts.sealing().awaitEnd(Math.max(deadline, inFiveSeconds()));
    // A segment that is merged later would be on the way to some replicas and not to others.
    parts.compaction().awaitEnd(inFiveSeconds());
    parts.capture().close();
    if (parts.sealing().error() != null) {
      left.add("" + parts.sealing().error());
    }
  }

  /** A replica that is slow to take a snapshot must not take from the others what is left. */
  private static long mostOf(long deadline) {
    long now = System.nanoTime();
    return now + (deadline - now) / 4 * 3;
  }

  private static long inFiveSeconds() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
  }

  private void awaitReplicas(boolean running, long deadline) throws InterruptedException {
    for (ReplicaUploader uploader : parts.uploaders()) {
      if (!running) {
        continue;
      }
      if (uploader.awaitDrained(deadline)) {
        GenerationStart start = parts.generation().get();
        if (start != null && uploader.lackingSince(start) != null) {
          left.add(
              "replica "
                  + uploader.name()
                  + " lacks a snapshot of generation "
                  + start.generation());
        }
      } else {
        String error = uploader.error();
        left.add(
            "replica "
                + uploader.name()
                + " lacks "
                + uploader.pending().size()
                + " artefact(s)"
                + (error == null ? "" : " (" + error + ")"));
      }
    }
  }

  private void endThreads() {
    parts.sealing().stop();
    parts.uploaders().forEach(ReplicaUploader::stop);
    for (ReplicaUploader uploader : parts.uploaders()) {
      attempt("close replica " + uploader.name(), uploader.archive().replica()::close);
    }
    left.addAll(tasks.stop());
  }

  /** Something that may fail. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  private void attempt(String what, Step step) {
    try {
      step.run();
    } catch (Exception e) {
      left.add("could not " + what + ": " + e);
    }
  }
}
