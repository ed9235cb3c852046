package dev.stream.core.count;

import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.count.StreamCounters.OfReplica;
import dev.stream.core.event.StreamEvent.Artefact;
import dev.stream.core.metric.Metric;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.metric.MetricSample;
import dev.stream.core.status.DrillStatus;
import dev.stream.core.status.GenerationCause;
import dev.stream.core.status.ReplicaContents;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.status.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All metrics of one replication, put together at one moment. For use once. */
public final class MetricReport {

  private static final double UNKNOWN = Double.NaN;

  private final String database;
  private final StreamCounters counters;
  private final @Nullable StreamStatus status;
  private final List<ReplicaContents> contents;

  /**
   * Of a moment.
   *
   * @param database what is replicated
   * @param status how that is going; null if it has not begun
   * @param contents what is known of the replicas' contents
   */
  public MetricReport(
      String database,
      StreamCounters counters,
      @Nullable StreamStatus status,
      List<ReplicaContents> contents) {
    this.database = database;
    this.counters = counters;
    this.status = status;
    this.contents = contents;
  }

  /** All families, in the order of {@link Metric}. */
  public List<MetricFamily> families() {
    List<MetricFamily> families = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      families.add(new MetricFamily(metric, samples(metric)));
    }
    return families;
  }

  private List<MetricSample> samples(Metric metric) {
    return switch (metric) {
      case RUNNING -> one(status == null ? 0 : flag(status.running()));
      case CAPTURING -> one(status == null ? 0 : flag(status.capturing()));
      case HEALTHY -> one(status == null ? 0 : flag(status.healthy()));
      case START_TIMESTAMP_SECONDS -> one(seconds(counters.startedAt()));
      case DATABASE_SIZE_BYTES -> known(StreamStatus::databaseBytes);
      case LOCAL_TRANSACTION -> known(now -> unlessNegative(now.txId()));
      case GENERATION_TIMESTAMP_SECONDS -> known(now -> seconds(now.generationBornAt()));
      case GENERATIONS -> perConstant("cause", GenerationCause.values(), counters::generations);
      case CATCH_UPS -> List.of(labels().sample(counters.catchUps()));
      case CAPTURE_FAILURES ->
          List.of(labels().sample(status == null ? 0 : status.captureFailures()));
      case READ_BACK_TIMESTAMP_SECONDS -> known(now -> seconds(now.readBack().provenAt()));
      case ARTEFACTS_MADE -> perConstant("kind", Artefact.values(), counters::made);
      case ARTEFACTS_MADE_BYTES -> perConstant("kind", Artefact.values(), counters::madeBytes);
      case SHADOW_SIZE_BYTES -> known(StreamStatus::shadowBytes);
      case LOG_SIZE_BYTES -> known(StreamStatus::logBytes);
      case COMPACTION_FAILING -> known(now -> flag(now.compactionError() != null));
      case DATA_LOSS_WINDOW_THRESHOLD_SECONDS ->
          known(now -> seconds(now.dataLossWindowThreshold()));
      case REPLICA_DATA_LOSS_WINDOW_SECONDS ->
          perReplica(replica -> seconds(replica.dataLossWindow()));
      case REPLICA_TRANSACTION -> perReplica(replica -> unlessNegative(replica.txId()));
      case REPLICA_FAILING -> perReplica(replica -> flag(replica.lastError() != null));
      case REPLICA_PENDING_ARTEFACTS -> perReplica(ReplicaStatus::pendingArtefacts);
      case REPLICA_PENDING_BYTES -> perReplica(ReplicaStatus::pendingBytes);
      case REPLICA_LAST_SUCCESS_TIMESTAMP_SECONDS ->
          counted((labels, of, to) -> to.add(labels.get().sample(of.operations().lastSuccess())));
      case REPLICA_SNAPSHOT_TIMESTAMP_SECONDS ->
          perName(contents, ReplicaContents::replica, known -> seconds(known.snapshotAt()));
      case REPLICA_DRILL_TIMESTAMP_SECONDS ->
          perDrill(drill -> drill.proof() == null ? UNKNOWN : seconds(drill.proof().at()));
      case REPLICA_VERIFIED_TRANSACTION ->
          perDrill(drill -> drill.proof() == null ? UNKNOWN : (double) drill.proof().txId());
      case REPLICA_DRILL_FAILING -> perDrill(drill -> flag(drill.problem() != null));
      case REPLICA_OPERATION_DURATION_SECONDS -> counted(MetricReport::durations);
      case REPLICA_OPERATION_BYTES -> counted(MetricReport::bytes);
      case REPLICA_FAILURES -> counted(MetricReport::failures);
      case REPLICA_ARTEFACTS_STORED -> counted(MetricReport::stored);
      case REPLICA_ARTEFACTS_DELETED ->
          counted((labels, of, to) -> to.add(labels.get().sample(of.deleted())));
    };
  }

  private Labels labels() {
    return new Labels(database);
  }

  private List<MetricSample> one(double value) {
    return List.of(labels().sample(value));
  }

  private List<MetricSample> known(ToDoubleFunction<StreamStatus> value) {
    return one(status == null ? UNKNOWN : value.applyAsDouble(status));
  }

  private <E extends Enum<E>> List<MetricSample> perConstant(
      String label, E[] constants, ToDoubleFunction<E> value) {
    List<MetricSample> samples = new ArrayList<>();
    for (E constant : constants) {
      samples.add(labels().and(label, constant).sample(value.applyAsDouble(constant)));
    }
    return samples;
  }

  private List<MetricSample> perReplica(ToDoubleFunction<ReplicaStatus> value) {
    return perName(status == null ? List.of() : status.replicas(), ReplicaStatus::name, value);
  }

  private List<MetricSample> perDrill(ToDoubleFunction<DrillStatus> value) {
    return perName(status == null ? List.of() : status.drills(), DrillStatus::replica, value);
  }

  /** One sample for each replica, of what is told of it; not known where nothing is. */
  private <T> List<MetricSample> perName(
      List<T> told, Function<T, String> name, ToDoubleFunction<T> value) {
    Map<String, Double> known = new HashMap<>();
    told.forEach(one -> known.put(name.apply(one), value.applyAsDouble(one)));
    List<MetricSample> samples = new ArrayList<>();
    for (String replica : counters.replicas().keySet()) {
      samples.add(labels().and("replica", replica).sample(known.getOrDefault(replica, UNKNOWN)));
    }
    return samples;
  }

  /** Adds the samples of one replica, each with labels of its own. */
  private interface Counted {
    void add(Supplier<Labels> labels, OfReplica counted, List<MetricSample> samples);
  }

  private List<MetricSample> counted(Counted of) {
    List<MetricSample> samples = new ArrayList<>();
    counters
        .replicas()
        .forEach((name, counted) -> of.add(() -> labels().and("replica", name), counted, samples));
    return samples;
  }

  private static void durations(
      Supplier<Labels> labels, OfReplica counted, List<MetricSample> samples) {
    for (ReplicaOperation operation : ReplicaOperation.values()) {
      OperationCounter counter = counted.operations().of(operation);
      samples.add(
          labels.get().and("operation", operation).summary(counter.seconds(), counter.count()));
    }
  }

  private static void bytes(
      Supplier<Labels> labels, OfReplica counted, List<MetricSample> samples) {
    for (ReplicaOperation moving : List.of(ReplicaOperation.STORE, ReplicaOperation.READ)) {
      long bytes = counted.operations().of(moving).bytes();
      samples.add(labels.get().and("operation", moving).sample(bytes));
    }
  }

  private static void failures(
      Supplier<Labels> labels, OfReplica counted, List<MetricSample> samples) {
    for (ReplicaOperation operation : ReplicaOperation.values()) {
      for (Reason reason : Reason.values()) {
        long failures = counted.operations().of(operation).failures(reason);
        samples.add(
            labels.get().and("operation", operation).and("reason", reason).sample(failures));
      }
    }
  }

  private static void stored(
      Supplier<Labels> labels, OfReplica counted, List<MetricSample> samples) {
    for (Artefact kind : Artefact.values()) {
      samples.add(labels.get().and("kind", kind).sample(counted.stored(kind)));
    }
  }

  private static double flag(boolean set) {
    return set ? 1 : 0;
  }

  private static double unlessNegative(long number) {
    return number < 0 ? UNKNOWN : number;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  private static double seconds(@Nullable Instant moment) {
    return moment == null ? UNKNOWN : moment.toEpochMilli() / 1e3;
  }
}
