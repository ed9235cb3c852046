package dev.stream.core.config;

import dev.stream.core.plugin.PluginRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that Stream is told. Immutable; its text shows no secret.
 *
 * <p>Relative paths count from the working directory, not from the configuration file.
 *
 * @param database what is replicated; null only if an application hands its database over itself
 * @param shadowDir folder of the shadow log
 * @param snapshotInterval how often a generation gets a further snapshot, if there were commits;
 *     null if that is not said: then whenever one pays
 * @param syncInterval how often a segment is sealed, if there is something new
 * @param compression how new artefacts are compressed
 * @param compaction how segments are merged into wider ones
 * @param retention how long artefacts are kept
 * @param dataLossWindowThreshold lag above which there is a warning
 * @param restore whether a missing database is restored first
 * @param replicas where artefacts go; at least one, with distinct names
 * @param shadowSync whether a commit waits until the shadow log is on the disk, and so survives the
 *     loss of power
 * @param shadowLimit most bytes of segments and logs that the shadow directory may take
 * @param segmentLimit bytes after which a segment is sealed before its time
 * @param closeTimeout how long closing waits for replicas that lag
 * @param waitForDatabase whether a start waits until the application has created the database; null
 *     if it is not said: then {@code stream replicate} waits for a while if {@code restore.enabled}
 * @param exec the command that {@code stream replicate} runs beside, by the shell; null for none.
 *     An application that embeds Stream takes no notice of it
 * @param drill how often each replica is restored to a scratch copy; null for never
 * @param http where {@code stream replicate} shows how it is doing; null for nowhere
 * @param heartbeat what is called while all replicas are current; null for nothing
 */
public record StreamConfig(
    @Nullable DatabaseConfig database,
    Path shadowDir,
    @Nullable Duration snapshotInterval,
    Duration syncInterval,
    CompressionConfig compression,
    CompactionConfig compaction,
    RetentionConfig retention,
    Duration dataLossWindowThreshold,
    RestoreConfig restore,
    List<ReplicaConfig> replicas,
    boolean shadowSync,
    long shadowLimit,
    long segmentLimit,
    Duration closeTimeout,
    @Nullable Boolean waitForDatabase,
    @Nullable String exec,
    @Nullable DrillConfig drill,
    @Nullable HttpConfig http,
    @Nullable HeartbeatConfig heartbeat) {

  /** What stands for a snapshot interval that is not said. */
  private static final String BY_COST = "when one pays";

  /** What stands for a command. */
  private static final String EXEC = "a command";

  static final Duration SYNC_INTERVAL = Duration.ofSeconds(1);
  static final String CODEC = "zstd";
  static final Duration DATA_LOSS_WINDOW_THRESHOLD = Duration.ofSeconds(30);
  static final long SHADOW_LIMIT = 8L << 30;
  static final long SEGMENT_LIMIT = 64L << 20;
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private static final long LEAST_SEGMENT_LIMIT = 64 << 10;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException with a message that starts with the key
   */
  public StreamConfig {
    if (snapshotInterval != null) {
      Durations.requirePositive("snapshotInterval", snapshotInterval);
    }
    Durations.requirePositive("syncInterval", syncInterval);
    Durations.requirePositive("dataLossWindowThreshold", dataLossWindowThreshold);
    Durations.requirePositive("closeTimeout", closeTimeout);
    if (compaction.above(syncInterval).levels().size() < compaction.levels().size()) {
      throw new IllegalArgumentException("compaction.levels must be longer than syncInterval");
    }
    if (segmentLimit < LEAST_SEGMENT_LIMIT || segmentLimit > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("segmentLimit must be from 64KiB to 2GiB less one byte");
    }
    if (shadowLimit < segmentLimit) {
      throw new IllegalArgumentException("shadowLimit must be at least segmentLimit");
    }
    replicas = List.copyOf(replicas);
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException("replicas must name at least one replica");
    }
    if (exec != null && exec.isBlank()) {
      throw new IllegalArgumentException("exec is blank; leave it out if there is nothing to run");
    }
    if (drill != null && !drill.assertions().isEmpty() && database == null) {
      throw new IllegalArgumentException(
          "drill.assert asks the restored database, of which the configuration says nothing; name"
              + " it under database");
    }
    Set<String> names = new HashSet<>();
    for (ReplicaConfig replica : replicas) {
      if (!names.add(replica.name())) {
        throw new IllegalArgumentException(
            "replicas: two have the name \"" + replica.name() + "\"; give each its own");
      }
    }
  }

  /**
   * Reads a configuration file, with this process's environment variables.
   *
   * @throws ConfigException if it is missing, unreadable or wrong
   */
  public static StreamConfig read(Path file, PluginRegistry plugins) throws ConfigException {
    return read(file, plugins, System.getenv());
  }

  /**
   * Reads a configuration file.
   *
   * @param env the variables that {@code ${NAME}} in a string stands for
   * @throws ConfigException if it is missing, unreadable or wrong
   */
  public static StreamConfig read(Path file, PluginRegistry plugins, Map<String, String> env)
      throws ConfigException {
    ConfigReader reader = new ConfigReader(file.toString(), plugins, EnvExpansion.of(env));
    StreamConfig config = reader.read(JsonText.read(file));
    if (reader.hasWrittenSecrets()) {
      OpenSecrets.warn(file);
    }
    return config;
  }

  /**
   * Reads a configuration from JSON.
   *
   * @param env the variables that {@code ${NAME}} in a string stands for
   * @throws ConfigException if it is wrong
   */
  public static StreamConfig parse(String json, PluginRegistry plugins, Map<String, String> env)
      throws ConfigException {
    return new ConfigReader("", plugins, EnvExpansion.of(env)).read(json);
  }

  /**
   * Reads a configuration from what its JSON would be: for settings that come from elsewhere, such
   * as a framework's properties. Values are taken as they are: {@code ${NAME}} is not expanded.
   *
   * @param source where it comes from, for messages
   * @param tree keys as in JSON; texts, numbers, booleans, paths, durations, and lists and maps of
   *     these
   * @throws ConfigException if it is wrong
   */
  public static StreamConfig of(String source, Map<String, ?> tree, PluginRegistry plugins)
      throws ConfigException {
    return new ConfigReader(source, plugins, EnvExpansion.none()).read(ConfigTree.object(tree));
  }

  /** Starts a configuration in code, with the same defaults as in JSON. */
  public static StreamConfigBuilder builder() {
    return new StreamConfigBuilder();
  }

  /**
   * The database.
   *
   * @throws ConfigException if none is configured
   */
  public DatabaseConfig requireDatabase() throws ConfigException {
    if (database == null) {
      throw new ConfigException("", "database", "is missing");
    }
    return database;
  }

  /**
   * The replica of a name.
   *
   * @throws ConfigException if there is none, naming those there are
   */
  public ReplicaConfig replica(String name) throws ConfigException {
    for (ReplicaConfig replica : replicas) {
      if (replica.name().equals(name)) {
        return replica;
      }
    }
    List<String> names = replicas.stream().map(ReplicaConfig::name).toList();
    throw new ConfigException(
        "",
        "replicas",
        "none has the name " + ConfigDisplay.quoted(name) + ConfigDisplay.choices(name, names));
  }

  /**
   * What is in force, defaults included, as a tree of maps, lists, texts, numbers and booleans, for
   * people to read. Secrets are masked, and {@code ${NAME}} stands where the configuration has it.
   */
  public Map<String, Object> describe() {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (database != null) {
      tree.put("database", database.shown());
    }
    tree.put("shadowDir", shadowDir.toString());
    tree.put("snapshotInterval", snapshotInterval == null ? BY_COST : snapshotInterval.toString());
    tree.put("syncInterval", syncInterval.toString());
    Map<String, Object> codec = new LinkedHashMap<>();
    codec.put("codec", compression.codec());
    ConfigDisplay.putIfPresent(codec, "level", compression.settings().level());
    ConfigDisplay.putIfPresent(codec, "window", compression.settings().window());
    tree.put("compression", codec);
    tree.put(
        "compaction",
        compaction.levels().isEmpty()
            ? "none"
            : Map.of("levels", compaction.levels().stream().map(Duration::toString).toList()));
    tree.put("retention", ConfigDisplay.components(retention));
    tree.put("dataLossWindowThreshold", dataLossWindowThreshold.toString());
    tree.put("restore", ConfigDisplay.components(restore));
    tree.put("replicas", replicas.stream().map(ReplicaConfig::shown).toList());
    tree.put("shadowSync", shadowSync);
    tree.put("shadowLimit", shadowLimit);
    tree.put("segmentLimit", segmentLimit);
    tree.put("closeTimeout", closeTimeout.toString());
    ConfigDisplay.putIfPresent(tree, "waitForDatabase", waitForDatabase);
    if (exec != null) {
      tree.put("exec", EXEC); // its arguments may be secrets
    }
    if (drill != null) {
      tree.put("drill", ConfigDisplay.components(drill));
    }
    if (http != null) {
      tree.put("http", ConfigDisplay.components(http));
    }
    if (heartbeat != null) {
      tree.put("heartbeat", ConfigDisplay.components(heartbeat));
    }
    return tree;
  }

  /** {@link #describe} as JSON. */
  @Override
  public String toString() {
    return ConfigDisplay.json(describe());
  }
}
