package dev.stream.core.metric;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Every metric that Stream has. Names follow the conventions of Prometheus: base units, which end
 * the name, and seconds since 1970 for moments, since an age would stand still when nobody tells it
 * any more. They are kept; further ones may come.
 */
public enum Metric {
  /** Whether something is replicated. */
  RUNNING(MetricType.GAUGE, "", "1 while a replication runs, else 0: starting, waiting, closed."),
  /** Whether capture works. */
  CAPTURING(MetricType.GAUGE, "", "1 while commits are captured, 0 while capture is interrupted."),
  /** Whether all is well. */
  HEALTHY(
      MetricType.GAUGE, "", "1 if there is no problem of any kind, as status --strict, else 0."),
  /** When the replication began. */
  START_TIMESTAMP_SECONDS(MetricType.GAUGE, "seconds", "When this replication was started."),
  /** The database's size. */
  DATABASE_SIZE_BYTES(
      MetricType.GAUGE, "bytes", "Size of the database after its last captured transaction."),
  /** The last captured transaction. */
  LOCAL_TRANSACTION(MetricType.GAUGE, "", "The last captured transaction."),
  /** When the generation was born. */
  GENERATION_TIMESTAMP_SECONDS(MetricType.GAUGE, "seconds", "When the current generation began."),
  /** Generations begun. */
  GENERATIONS(MetricType.COUNTER, "", "Generations begun since the start, by cause.", "cause"),
  /** Catch-ups. */
  CATCH_UPS(MetricType.COUNTER, "", "How often transactions were captured as one, for a doubt."),
  /** Failures of capture. */
  CAPTURE_FAILURES(MetricType.COUNTER, "", "How often a flush or a base was not taken."),
  /** How far the database was read back. */
  READ_BACK_TIMESTAMP_SECONDS(
      MetricType.GAUGE, "seconds", "What was captured until then was found in the database."),
  /** Artefacts made. */
  ARTEFACTS_MADE(MetricType.COUNTER, "", "Segments and snapshots made, by kind.", "kind"),
  /** Bytes of artefacts made. */
  ARTEFACTS_MADE_BYTES(MetricType.COUNTER, "bytes", "Length of what was made, by kind.", "kind"),
  /** What the shadow directory holds. */
  SHADOW_SIZE_BYTES(
      MetricType.GAUGE, "bytes", "Segments, snapshots and logs in the shadow directory."),
  /** What is captured and not sealed. */
  LOG_SIZE_BYTES(MetricType.GAUGE, "bytes", "Of these, logs that are not sealed as segments yet."),
  /** Whether merging fails. */
  COMPACTION_FAILING(MetricType.GAUGE, "", "1 while segments cannot be merged, else 0."),
  /** The threshold. */
  DATA_LOSS_WINDOW_THRESHOLD_SECONDS(
      MetricType.GAUGE, "seconds", "The data loss window above which a replica lags."),
  /** How old the oldest commit is that a replica lacks. */
  REPLICA_DATA_LOSS_WINDOW_SECONDS(
      MetricType.GAUGE,
      "seconds",
      "Age of the oldest commit that a replica lacks, 0 if it has all.",
      "replica"),
  /** The last transaction on a replica. */
  REPLICA_TRANSACTION(
      MetricType.GAUGE, "", "The last transaction to which a replica can be restored.", "replica"),
  /** Whether a replica fails. */
  REPLICA_FAILING(
      MetricType.GAUGE, "", "1 while a replica fails or something is kept from it.", "replica"),
  /** The backlog, in artefacts. */
  REPLICA_PENDING_ARTEFACTS(MetricType.GAUGE, "", "Artefacts that a replica lacks.", "replica"),
  /** The backlog, in bytes. */
  REPLICA_PENDING_BYTES(MetricType.GAUGE, "bytes", "Length of what a replica lacks.", "replica"),
  /** When a replica last did what was asked. */
  REPLICA_LAST_SUCCESS_TIMESTAMP_SECONDS(
      MetricType.GAUGE, "seconds", "When a replica last did what was asked.", "replica"),
  /** When the newest snapshot was stored. */
  REPLICA_SNAPSHOT_TIMESTAMP_SECONDS(
      MetricType.GAUGE, "seconds", "When the newest snapshot on a replica was stored.", "replica"),
  /** When the newest proof by a drill was made. */
  REPLICA_DRILL_TIMESTAMP_SECONDS(
      MetricType.GAUGE, "seconds", "When a drill last proved a replica.", "replica"),
  /** Through which transaction a drill proved the replica. */
  REPLICA_VERIFIED_TRANSACTION(
      MetricType.GAUGE, "", "The last transaction that a drill restored and proved.", "replica"),
  /** Whether the last drill failed. */
  REPLICA_DRILL_FAILING(
      MetricType.GAUGE, "", "1 if the last drill of a replica failed, 0 if it passed.", "replica"),
  /** Operations and the time they took. */
  REPLICA_OPERATION_DURATION_SECONDS(
      MetricType.SUMMARY,
      "seconds",
      "Operations on a replica and the time in them, failed ones too.",
      "replica",
      "operation"),
  /** Bytes moved. */
  REPLICA_OPERATION_BYTES(
      MetricType.COUNTER,
      "bytes",
      "Bytes stored on a replica and read from it.",
      "replica",
      "operation"),
  /** Failed operations. */
  REPLICA_FAILURES(
      MetricType.COUNTER,
      "",
      "Operations on a replica that failed, by reason.",
      "replica",
      "operation",
      "reason"),
  /** Artefacts stored. */
  REPLICA_ARTEFACTS_STORED(
      MetricType.COUNTER, "", "Artefacts that a replica got, by kind.", "replica", "kind"),
  /** Artefacts deleted. */
  REPLICA_ARTEFACTS_DELETED(
      MetricType.COUNTER, "", "Artefacts deleted from a replica by retention.", "replica");

  private final MetricType type;
  private final String unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by toList, which nobody can change
  private final List<String> labels;

  Metric(MetricType type, String unit, String help, String... labels) {
    this.type = type;
    this.unit = unit;
    this.help = help;
    this.labels = Stream.concat(Stream.of("database"), Arrays.stream(labels)).toList();
  }

  /**
   * Its name, such as {@code stream_shadow_size_bytes}; Prometheus calls a counter by it with
   * {@code _total} at its end, and a summary with {@code _sum} and {@code _count}.
   */
  public String metricName() {
    return "stream_" + name().toLowerCase(Locale.ROOT);
  }

  /** How its values are to be read. */
  public MetricType type() {
    return type;
  }

  /** {@code seconds}, {@code bytes}, or empty for numbers without one. */
  public String unit() {
    return unit;
  }

  /** What it says; a sentence. */
  public String help() {
    return help;
  }

  /** The names of its labels. */
  public List<String> labels() {
    return labels;
  }
}
