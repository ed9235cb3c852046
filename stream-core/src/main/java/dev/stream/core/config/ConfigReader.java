package dev.stream.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one configuration. For use once. */
final class ConfigReader {

  /** Sections that are read as they are, with what stands for a key that is left out. */
  private static final Map<Class<?>, Record> SECTIONS =
      Map.of(
          RetentionConfig.class, RetentionConfig.DEFAULTS,
          RestoreConfig.class, RestoreConfig.DEFAULTS,
          DrillConfig.class, DrillConfig.DEFAULTS);

  private final String source;
  private final PluginRegistry plugins;
  private final ProblemCollector problems = new ProblemCollector();
  private final Redaction redaction = new Redaction();
  private final ValueReader values;
  private final RecordBinder binder;

  ConfigReader(String source, PluginRegistry plugins, EnvExpansion env) {
    this.source = source;
    this.plugins = plugins;
    this.values = new ValueReader(env, problems, redaction);
    this.binder = new RecordBinder(problems, redaction, values, SECTIONS);
  }

  /** The keys of the document; plug-ins' parts are read by themselves. */
  record Document(
      @Nullable JsonNode database,
      Path shadowDir,
      @Nullable Duration snapshotInterval,
      @Nullable Duration syncInterval,
      @Nullable JsonNode compression,
      @Nullable JsonNode compaction,
      @Nullable RetentionConfig retention,
      @Nullable Duration dataLossWindowThreshold,
      @Nullable RestoreConfig restore,
      @Nullable JsonNode replicas,
      @Nullable Boolean shadowSync,
      @Nullable ByteSize shadowLimit,
      @Nullable ByteSize segmentLimit,
      @Nullable Duration closeTimeout,
      @Nullable Boolean waitForDatabase,
      @Nullable String exec,
      @Nullable DrillConfig drill,
      @Nullable HttpSection http,
      @Nullable HeartbeatSection heartbeat) {}

  /** The key {@code compression}, written out: the codec is yet to be found. */
  record Compression(@Nullable String codec, @Nullable Integer level, @Nullable Integer window) {}

  /** The key {@code compaction}, written out: its default hangs on other keys. */
  record Compaction(@Nullable List<Duration> levels) {}

  /** A replica whose name may still be open. */
  private record NamedLater(@Nullable String name, ReplicaProvider<?> provider, Object config) {}

  boolean hasWrittenSecrets() {
    return redaction.hasWrittenSecrets();
  }

  StreamConfig read(String json) throws ConfigException {
    return read(JsonText.parse(source, json));
  }

  /** Reads a whole configuration, which names its database and its replicas. */
  StreamConfig read(ObjectNode root) throws ConfigException {
    if (!root.hasNonNull("database")) {
      problems.add("database", "is missing");
    }
    if (!root.hasNonNull("replicas")) {
      problems.add("replicas", "is missing; name at least one replica");
    }
    List<Object> entries = new ArrayList<>();
    JsonNode replicas = root.path("replicas");
    if (replicas.isArray()) {
      replicas.forEach(entries::add);
      if (entries.isEmpty()) {
        problems.add("replicas", "is empty; name at least one replica");
      }
    } else if (root.hasNonNull("replicas")) {
      problems.add(
          "replicas", "is " + ConfigDisplay.kind(replicas) + "; it must be a list, in [ and ]");
    }
    return read(root, null, entries);
  }

  /**
   * Reads a configuration.
   *
   * @param ready the database, if it is not in the document
   * @param entries replicas, as JSON nodes, maps or ready {@link ReplicaConfig}s
   */
  StreamConfig read(ObjectNode root, @Nullable DatabaseConfig ready, List<Object> entries)
      throws ConfigException {
    Document document = binder.bind(root, Document.class, "", List.of());
    JsonNode node = root.get("database");
    DatabaseConfig database = node == null || node.isNull() ? ready : database(node);
    CompressionConfig compression = compression(root.get("compression"));
    Compaction compaction = compaction(root.get("compaction"));
    List<ReplicaConfig> replicas = replicas(entries);
    if (document != null && compaction != null && compression != null && problems.count() == 0) {
      try {
        return assemble(document, database, compression, compaction, replicas);
      } catch (IllegalArgumentException e) {
        binder.refused(e, ConfigDisplay.names(StreamConfig.class.getRecordComponents()), "");
      }
    }
    problems.throwIfAny(source);
    throw new IllegalStateException("a configuration was refused without a reason");
  }

  private StreamConfig assemble(
      Document document,
      @Nullable DatabaseConfig database,
      CompressionConfig compression,
      Compaction compaction,
      List<ReplicaConfig> replicas) {
    HttpSection http = document.http();
    HeartbeatSection heartbeat = document.heartbeat();
    Duration syncInterval = or(document.syncInterval(), StreamConfig.SYNC_INTERVAL);
    return new StreamConfig(
        database,
        document.shadowDir(),
        document.snapshotInterval(),
        syncInterval,
        compression,
        compaction(compaction, syncInterval, document.snapshotInterval()),
        or(document.retention(), RetentionConfig.DEFAULTS),
        or(document.dataLossWindowThreshold(), StreamConfig.DATA_LOSS_WINDOW_THRESHOLD),
        or(document.restore(), RestoreConfig.DEFAULTS),
        replicas,
        or(document.shadowSync(), false),
        or(document.shadowLimit(), new ByteSize(StreamConfig.SHADOW_LIMIT)).bytes(),
        or(document.segmentLimit(), new ByteSize(StreamConfig.SEGMENT_LIMIT)).bytes(),
        or(document.closeTimeout(), StreamConfig.CLOSE_TIMEOUT),
        document.waitForDatabase(),
        document.exec(),
        document.drill(),
        http == null ? null : section("http", http::config),
        heartbeat == null ? null : section("heartbeat", heartbeat::config));
  }

  private static CompactionConfig compaction(
      Compaction compaction, Duration syncInterval, @Nullable Duration snapshotInterval) {
    if (compaction.levels() == null) {
      return CompactionConfig.defaults(syncInterval, snapshotInterval);
    }
    try {
      return new CompactionConfig(compaction.levels());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("compaction." + e.getMessage(), e);
    }
  }

  /** What is wrong with a section is told with its key before that of the section. */
  private static <T> T section(String key, Supplier<T> config) {
    try {
      return config.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + "." + e.getMessage(), e);
    }
  }

  private @Nullable DatabaseConfig database(JsonNode node) {
    String type = type(node, "database");
    if (type == null) {
      return null;
    }
    try {
      return database(node, plugins.database(type));
    } catch (PluginException e) {
      problems.add("database.type", message(e));
      return null;
    }
  }

  private <C> @Nullable DatabaseConfig database(JsonNode node, PagedDatabaseProvider<C> provider) {
    C config = binder.bind(node, provider.configType(), "database", List.of("type"));
    if (config == null) {
      return null;
    }
    try {
      return new DatabaseConfig(provider, config, shown(config));
    } catch (RuntimeException e) {
      binder.refused(
          e, ConfigDisplay.names(provider.configType().getRecordComponents()), "database");
      return null;
    }
  }

  private @Nullable CompressionConfig compression(@Nullable JsonNode node) {
    Compression wanted = new Compression(null, null, null);
    String path = "compression";
    if (node != null && node.isTextual()) {
      String codec = values.text(node, path);
      if (codec == null) {
        return null;
      }
      wanted = new Compression(codec, null, null);
    } else if (node != null && !node.isNull()) {
      Compression bound = binder.bind(node, Compression.class, path, List.of());
      if (bound == null) {
        return null;
      }
      wanted = bound;
      path = "compression.codec";
    }
    String codec = or(wanted.codec(), StreamConfig.CODEC);
    try {
      CodecProvider provider = plugins.codec(codec);
      CodecSettings settings = new CodecSettings(wanted.level(), wanted.window());
      return takes(provider, settings) ? new CompressionConfig(provider, settings) : null;
    } catch (PluginException e) {
      problems.add(
          path,
          wanted.codec() == null
              ? "is not set, which means \"" + codec + "\", but " + message(e)
              : message(e));
      return null;
    }
  }

  /** Whether the codec accepts its settings, which it alone can judge. */
  private boolean takes(CodecProvider provider, CodecSettings settings) {
    if (settings.level() == null && settings.window() == null) {
      return true;
    }
    try {
      Codec unused = provider.create(settings);
    } catch (IllegalArgumentException e) {
      binder.refused(e, List.of("level", "window"), "compression");
      return false;
    } catch (IOException | RuntimeException | LinkageError e) {
      return true; // the settings may be right all the same; opening it tells what is wrong
    }
    return true;
  }

  private @Nullable Compaction compaction(@Nullable JsonNode node) {
    String path = "compaction";
    if (node == null || node.isNull()) {
      return new Compaction(null);
    }
    if (node.isTextual()) {
      String text = values.text(node, path);
      if (text != null && !text.equals("none")) {
        problems.add(
            path,
            ConfigDisplay.quoted(redaction.shown(text))
                + " is not valid; write \"none\" or, for example, {\"levels\": [\"30s\", \"5m\"]}");
      }
      return text == null ? null : new Compaction(List.of());
    }
    if (node.isArray() && node.isEmpty()) {
      return new Compaction(List.of());
    }
    return binder.bind(node, Compaction.class, path, List.of());
  }

  private List<ReplicaConfig> replicas(List<Object> entries) {
    List<Object> bound = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      String path = "replicas[" + i + "]";
      Object entry = entries.get(i);
      Object replica = entry instanceof ReplicaConfig ? entry : replica(entry, path);
      String name = replica instanceof ReplicaConfig ready ? ready.name() : null;
      if (replica instanceof NamedLater later) {
        name = later.name();
      }
      if (name != null && !taken.add(name)) {
        problems.add(
            path + ".name",
            ConfigDisplay.quoted(redaction.shown(name)) + " is taken; give each replica its own");
      }
      if (replica != null) {
        bound.add(replica);
      }
    }
    return problems.count() > 0 ? List.of() : bound.stream().map(r -> named(r, taken)).toList();
  }

  private @Nullable NamedLater replica(Object entry, String path) {
    JsonNode node = entry instanceof JsonNode json ? json : ConfigTree.node(entry);
    String type = type(node, path);
    if (type == null) {
      return null;
    }
    ReplicaProvider<?> provider;
    try {
      provider = plugins.replica(type);
    } catch (PluginException e) {
      problems.add(path + ".type", message(e));
      return null;
    }
    Object config = binder.bind(node, provider.configType(), path, List.of("type", "name"));
    String name = null;
    if (node.hasNonNull("name")) {
      name = values.text(node.get("name"), path + ".name");
      if (name != null && !ReplicaConfig.isName(name)) {
        problems.add(
            path + ".name",
            "may have letters, digits, '.', '_' and '-' only, a letter or digit first");
      }
    }
    return config == null ? null : new NamedLater(name, provider, config);
  }

  private ReplicaConfig named(Object replica, Set<String> taken) {
    if (replica instanceof ReplicaConfig ready) {
      return ready;
    }
    NamedLater later = (NamedLater) replica;
    String type = later.provider().type();
    String name = later.name();
    for (int i = 1; name == null; i++) {
      String candidate = i == 1 ? type : type + "-" + i;
      name = taken.add(candidate) ? candidate : null;
    }
    return new ReplicaConfig(name, later.provider(), later.config(), shown(later.config()));
  }

  private Map<String, Object> shown(Object config) {
    return ConfigDisplay.components(config, redaction::shown);
  }

  private @Nullable String type(JsonNode node, String path) {
    if (!node.isObject()) {
      problems.add(path, "is " + ConfigDisplay.kind(node) + "; it must be an object");
      return null;
    }
    if (!node.hasNonNull("type")) {
      problems.add(path + ".type", "is missing");
      return null;
    }
    return values.text(node.get("type"), path + ".type");
  }

  /** Shows a name as it was written: the environment may have put a secret in its place. */
  private String message(PluginException e) {
    return String.valueOf(e.getMessage()).replace(e.name(), redaction.shown(e.name()));
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }
}
