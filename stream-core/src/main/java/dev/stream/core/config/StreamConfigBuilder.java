package dev.stream.core.config;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration together in code. Values are taken as they are: {@code ${NAME}} is not
 * expanded. For use by one thread.
 */
public final class StreamConfigBuilder {

  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
  private final List<Object> replicas = new ArrayList<>();
  private @Nullable PluginRegistry plugins;
  private @Nullable DatabaseConfig database;

  StreamConfigBuilder() {}

  /** The plug-ins to use, if not those that {@link PluginRegistry#discover()} finds. */
  public StreamConfigBuilder plugins(PluginRegistry registry) {
    plugins = registry;
    return this;
  }

  /**
   * The database, as in JSON.
   *
   * @param settings texts, numbers, booleans, paths, durations, and lists and maps of these
   */
  public StreamConfigBuilder database(String type, Map<String, ?> settings) {
    return set("database", ConfigTree.withType(type, settings));
  }

  /** The database, of a provider's own configuration. */
  public <C> StreamConfigBuilder database(PagedDatabaseProvider<C> provider, C config) {
    database = DatabaseConfig.of(provider, config);
    return this;
  }

  /** Folder of the shadow log; required. */
  public StreamConfigBuilder shadowDir(Path folder) {
    return set("shadowDir", folder);
  }

  /**
   * How often a generation gets a further snapshot, if there were commits; if not said, when one
   * pays.
   */
  public StreamConfigBuilder snapshotInterval(Duration interval) {
    return set("snapshotInterval", interval);
  }

  /** How often a segment is sealed. */
  public StreamConfigBuilder syncInterval(Duration interval) {
    return set("syncInterval", interval);
  }

  /** The codec, with its own defaults. */
  public StreamConfigBuilder compression(String codec) {
    return set("compression", codec);
  }

  /** The codec and its level. */
  public StreamConfigBuilder compression(String codec, int level) {
    return compression(codec, new CodecSettings(level, null));
  }

  /** The codec, its level and its window; what is null in the settings is the codec's default. */
  public StreamConfigBuilder compression(String codec, CodecSettings settings) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("codec", codec);
    ConfigDisplay.putIfPresent(section, "level", settings.level());
    ConfigDisplay.putIfPresent(section, "window", settings.window());
    return set("compression", section);
  }

  /**
   * The widths of the levels to which segments are merged, ascending; none of them for no merging.
   */
  public StreamConfigBuilder compaction(Duration... levels) {
    return set("compaction", Map.of("levels", List.of(levels)));
  }

  /** How long artefacts are kept. */
  public StreamConfigBuilder retention(RetentionConfig retention) {
    return set("retention", ConfigDisplay.components(retention));
  }

  /** Lag above which there is a warning. */
  public StreamConfigBuilder dataLossWindowThreshold(Duration threshold) {
    return set("dataLossWindowThreshold", threshold);
  }

  /** Whether a missing database is restored first. */
  public StreamConfigBuilder restore(boolean enabled) {
    return restore(new RestoreConfig(enabled, null, null));
  }

  /** Whether a missing database is restored first, to where, and where the file is made. */
  public StreamConfigBuilder restore(RestoreConfig restore) {
    return set("restore", ConfigDisplay.components(restore));
  }

  /**
   * Adds a replica, as in JSON.
   *
   * @param settings texts, numbers, booleans, paths, durations, and lists and maps of these; {@code
   *     name} names the replica
   */
  public StreamConfigBuilder replica(String type, Map<String, ?> settings) {
    replicas.add(ConfigTree.withType(type, settings));
    return this;
  }

  /** Adds a replica of a provider's own configuration. */
  public <C> StreamConfigBuilder replica(String name, ReplicaProvider<C> provider, C config) {
    replicas.add(ReplicaConfig.of(name, provider, config));
    return this;
  }

  /** Adds a replica that is open already; who opens the configuration closes it. */
  public StreamConfigBuilder replica(String name, Replica replica) {
    replicas.add(ReplicaConfig.of(name, replica));
    return this;
  }

  /** Adds a replica that was read elsewhere, such as from a URL. */
  public StreamConfigBuilder replica(ReplicaConfig replica) {
    replicas.add(replica);
    return this;
  }

  /** Whether a commit waits until the shadow log is on the disk. */
  public StreamConfigBuilder shadowSync(boolean sync) {
    return set("shadowSync", sync);
  }

  /** Most bytes that the shadow directory may take. */
  public StreamConfigBuilder shadowLimit(long bytes) {
    return set("shadowLimit", bytes);
  }

  /** Bytes after which a segment is sealed before its time. */
  public StreamConfigBuilder segmentLimit(long bytes) {
    return set("segmentLimit", bytes);
  }

  /** How long closing waits for replicas that lag. */
  public StreamConfigBuilder closeTimeout(Duration timeout) {
    return set("closeTimeout", timeout);
  }

  /** Whether a start waits until the application has created the database. */
  public StreamConfigBuilder waitForDatabase(boolean wait) {
    return set("waitForDatabase", wait);
  }

  /** The command that {@code stream replicate} runs beside. */
  public StreamConfigBuilder exec(String command) {
    return set("exec", command);
  }

  /** How often each replica is restored to a scratch copy; never if not said. */
  public StreamConfigBuilder drill(DrillConfig drill) {
    return set("drill", ConfigDisplay.components(drill));
  }

  /** Where {@code stream replicate} shows how it is doing. */
  public StreamConfigBuilder http(HttpConfig http) {
    return set("http", ConfigDisplay.components(http));
  }

  /** What is called while all replicas are current. */
  public StreamConfigBuilder heartbeat(HeartbeatConfig heartbeat) {
    return set("heartbeat", Map.of("url", heartbeat.url(), "interval", heartbeat.interval()));
  }

  /**
   * Makes the configuration.
   *
   * @throws ConfigException if something is missing or wrong
   */
  public StreamConfig build() throws ConfigException {
    return new ConfigReader("", registry(), EnvExpansion.none())
        .read(ConfigTree.object(values), database, replicas);
  }

  private PluginRegistry registry() throws ConfigException {
    if (plugins != null) {
      return plugins;
    }
    try {
      return PluginRegistry.discover();
    } catch (PluginException e) {
      throw new ConfigException("", "", String.valueOf(e.getMessage()));
    }
  }

  private StreamConfigBuilder set(String key, Object value) {
    values.put(key, value);
    return this;
  }
}
