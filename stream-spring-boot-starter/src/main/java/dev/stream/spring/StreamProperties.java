package dev.stream.spring;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * The properties {@code stream.*}: those of Stream's configuration file, whose reader checks them
 * and knows the defaults. Texts are passed on as they are.
 *
 * @param enabled Whether the database is replicated.
 * @param config A configuration file in JSON, such as file:stream.json, in place of all other
 *     properties.
 * @param database The database: its type, its path, and the type's own keys. Taken from
 *     spring.datasource.url if not said.
 * @param shadowDir Folder of the shadow log, on a local disk. Beside the database, with .stream
 *     behind its name, if not said.
 * @param snapshotInterval How often a generation gets a further snapshot, if there were commits.
 *     Whenever one pays if not said.
 * @param syncInterval How often a segment is sealed and sent, if there is something new. 1s if not
 *     said.
 * @param compression How new objects are compressed.
 * @param compaction How segments are merged.
 * @param retention How long replicas keep what a restore may need.
 * @param dataLossWindowThreshold Lag above which there is a warning and the health is down. 30s if
 *     not said.
 * @param restore Whether and how a missing database is restored before the DataSource opens it.
 * @param replicas Where the database is replicated to: for each its type, a name, and the type's
 *     own keys.
 * @param shadowSync Whether a commit waits until the shadow log is on the disk.
 * @param shadowLimit Most bytes that the shadow directory may take, such as 8GiB, which it is if
 *     not said.
 * @param segmentLimit Size at which a segment is sealed before its time. 64MiB if not said.
 * @param closeTimeout How long the end of the application waits for replicas that lag. 30s if not
 *     said.
 * @param drill How often each replica is restored to a scratch copy and asked. Never if not said.
 * @param heartbeat What is called as long as all replicas are current.
 */
@ConfigurationProperties(prefix = StreamProperties.PREFIX, ignoreUnknownFields = false)
record StreamProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String config,
    @Nullable Map<String, Object> database,
    @Nullable String shadowDir,
    @Nullable String snapshotInterval,
    @Nullable String syncInterval,
    @Nullable Compression compression,
    @Nullable Compaction compaction,
    @Nullable Retention retention,
    @Nullable String dataLossWindowThreshold,
    @Nullable Restore restore,
    @Nullable List<Map<String, Object>> replicas,
    @Nullable Boolean shadowSync,
    @Nullable String shadowLimit,
    @Nullable String segmentLimit,
    @Nullable String closeTimeout,
    @Nullable Drill drill,
    @Nullable Heartbeat heartbeat) {

  static final String PREFIX = "stream";

  /**
   * How new objects are compressed.
   *
   * @param codec The codec, zstd or none. zstd if not said.
   * @param level Its level.
   * @param window Its window, as a power of two.
   */
  record Compression(@Nullable String codec, @Nullable Integer level, @Nullable Integer window) {}

  /**
   * How segments are merged.
   *
   * @param levels The widths of the levels to which segments are merged, ascending, such as
   *     30s,5m,1h. Empty for no merging.
   */
  record Compaction(@Nullable List<String> levels) {}

  /**
   * How long replicas keep what a restore may need.
   *
   * @param snapshotRetention The window in which the database can be restored. 24h if not said.
   * @param checkInterval How often what has become superfluous is deleted. 1h if not said.
   * @param segmentRetention How long segments as captured, of level 1, of level 2 and so on stay
   *     after a wider one covers them.
   * @param snapshotInterval How far apart snapshots are kept that are no longer new.
   */
  record Retention(
      @Nullable String snapshotRetention,
      @Nullable String checkInterval,
      @Nullable List<String> segmentRetention,
      @Nullable String snapshotInterval) {}

  /**
   * Whether and how a missing database is restored.
   *
   * @param enabled Whether a missing database (H2: a damaged one too) is restored before the
   *     DataSource opens it.
   * @param targetPath Another file that is restored if it is missing, in place of the database.
   * @param tempDir An existing folder in which a file is made that is being restored.
   * @param onUnreachable What happens if the database is missing and no replica can be asked: fail,
   *     which it is if not said, or start.
   */
  record Restore(
      @Nullable Boolean enabled,
      @Nullable String targetPath,
      @Nullable String tempDir,
      @Nullable String onUnreachable) {}

  /**
   * What is called as long as all replicas are current.
   *
   * @param url A URL of a service that tells when it is not called any more.
   * @param interval How often it is called. 1m if not said.
   */
  record Heartbeat(@Nullable String url, @Nullable String interval) {}

  /**
   * How often each replica is restored to a scratch copy, to know that it can be.
   *
   * @param interval Time from the end of one drill of a replica to the next. 24h if not said.
   * @param fullInterval How often a drill fetches everything. 7d if not said.
   * @param scratchDir Folder of the copies. Beside the shadow directory if not said.
   * @param assertions Questions to the restored database whose first value has to be true, or a
   *     number other than zero.
   */
  record Drill(
      @Nullable String interval,
      @Nullable String fullInterval,
      @Nullable String scratchDir,
      @Name("assert") @Nullable List<String> assertions) {}
}
