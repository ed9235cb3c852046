package dev.stream.core.drill;

import dev.stream.core.config.DrillConfig;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.Task;
import dev.stream.core.status.DrillProof;
import dev.stream.core.status.DrillStatus;
import dev.stream.core.upload.NamedReplica;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drills each replica again and again, one after the other, while a database is replicated. One
 * that failed is repeated after an hour at the latest. A replica that holds nothing yet is looked
 * at again soon, and that is no failure: what it lacks is told by its lag.
 */
public final class DrillSchedule {

  private static final Logger LOG = LoggerFactory.getLogger(DrillSchedule.class);

  /** How soon after the start the first one is due, and how long to wait for a first snapshot. */
  private static final Duration SOON = Duration.ofMinutes(1);

  private static final Duration AFTER_FAILURE = Duration.ofHours(1);

  private final DrillConfig config;
  private final List<NamedReplica> replicas;
  private final Drill drill;
  private final DrillRecords records;
  private final Environment environment;
  private final Instant begun;
  private final Task task;
  private @Nullable Instant nothingThereAt; // of the task
  private Instant busyUntil = Instant.EPOCH; // of the task
  private volatile boolean ending;

  /** Begins with {@link #start}. */
  public DrillSchedule(
      DrillConfig config,
      List<NamedReplica> replicas,
      Drill drill,
      DrillRecords records,
      Environment environment) {
    this.config = config;
    this.replicas = List.copyOf(replicas);
    this.drill = drill;
    this.records = records;
    this.environment = environment;
    this.begun = environment.clock().instant();
    this.task = environment.tasks().addInterruptible("stream-drill", this::step);
  }

  public void start() {
    task.start();
  }

  /** No drill begins any more, and one that is under way ends without an outcome. */
  public void end() {
    ending = true;
    task.end();
  }

  private long step() throws InterruptedException {
    Duration next = SOON;
    for (NamedReplica replica : replicas) {
      Duration left = left(replica.name());
      if (left.isZero() || left.isNegative()) {
        run(replica);
        left = left(replica.name());
      }
      next = left.compareTo(next) < 0 ? left : next;
    }
    return Math.max(1, next.toNanos()); // never longer than a moment: clocks are set
  }

  /** The time until a replica is due. */
  private Duration left(String replica) {
    DrillStatus last = records.of(replica);
    Instant due;
    Instant empty = nothingThereAt;
    if (last == null) {
      due = (empty == null ? begun : empty).plus(shorter(SOON));
    } else {
      due = last.at().plus(last.problem() == null ? config.interval() : shorter(AFTER_FAILURE));
    }
    Instant possible = due.isAfter(busyUntil) ? due : busyUntil;
    return Duration.between(environment.clock().instant(), possible);
  }

  private Duration shorter(Duration pause) {
    return pause.compareTo(config.interval()) < 0 ? pause : config.interval();
  }

  private void run(NamedReplica replica) throws InterruptedException {
    DrillStatus last = records.of(replica.name());
    DrillProof proof = last == null ? null : last.proof();
    Instant now = environment.clock().instant();
    boolean everything =
        proof == null || !now.isBefore(proof.fetchedAllAt().plus(config.fullInterval()));
    DrillReport report;
    try {
      report =
          drill.run(
              ReplicaOnDemand.lent(replica.name(), replica::replica),
              everything,
              RestoreListener.SILENT);
    } catch (DrillBusyException e) {
      LOG.info("{}", e.getMessage());
      busyUntil = environment.clock().instant().plus(shorter(SOON));
      return;
    }
    if (ending) {
      return; // the replica may have been closed meanwhile
    }
    if (report.empty() && last == null) {
      nothingThereAt = report.at();
      return;
    }
    tell(report, records.add(report, report.at().plus(config.staleAfter())), last);
  }

  private void tell(DrillReport report, DrillStatus status, @Nullable DrillStatus last) {
    String problem = report.problem();
    DrillProof proof = status.proof();
    if (problem != null) {
      LOG.warn(
          "the drill of replica {} failed: {}; until that is mended, do not count on it",
          report.replica(),
          problem);
      environment.listener().onEvent(new StreamEvent.DrillFailed(report.replica(), problem));
    } else if (proof != null) {
      LOG.info(
          "replica {} is verified through transaction {} of generation {}{}",
          report.replica(),
          proof.txId(),
          proof.generation(),
          last != null && last.problem() != null ? "; the drill before had failed" : "");
      environment.listener().onEvent(new StreamEvent.DrillPassed(report.replica(), proof));
    }
  }
}
