package dev.stream.core.config;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.plugin.PluginReplica;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/** A replica of the configuration, not opened yet. Immutable; shows no secret. */
public final class ReplicaConfig {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final String name;
  private final Object config;
  private final ReplicaProvider<?> provider;
  private final Map<String, Object> shown;

  <C> ReplicaConfig(
      String name, ReplicaProvider<C> provider, Object config, Map<String, Object> shown) {
    requireName(name);
    this.name = name;
    this.provider = provider;
    this.config = provider.configType().cast(config);
    this.shown = ConfigDisplay.withTypeAndName(provider.type(), name, shown);
  }

  /**
   * A replica of this provider and configuration.
   *
   * @param name letters, digits, {@code .}, {@code _} and {@code -}; unique in a configuration
   */
  public static <C> ReplicaConfig of(String name, ReplicaProvider<C> provider, C config) {
    return new ReplicaConfig(name, provider, config, ConfigDisplay.components(config));
  }

  /**
   * A replica that the application has opened. Who opens this configuration closes it.
   *
   * @param name letters, digits, {@code .}, {@code _} and {@code -}; unique in a configuration
   */
  public static ReplicaConfig of(String name, Replica replica) {
    return new ReplicaConfig(
        name, new ReadyReplica(replica), replica, Map.of("store", replica.name()));
  }

  /**
   * Whether a text is a URL, of whatever scheme, rather than the name of a file or folder: whether
   * it begins with letters and {@code ://}.
   */
  public static boolean isUrl(String text) {
    return UrlText.isUrl(text);
  }

  /**
   * The replica that a URL names, such as {@code s3://bucket/prefix?region=eu-west-1}. Its address
   * means what the plug-in of its scheme makes of it, its query sets further keys, and both are
   * read as if they stood in a configuration. It is named after its type.
   *
   * @param env the variables that {@code ${NAME}} stands for
   * @throws ConfigException if no plug-in knows such URLs, if something in it is wrong, or if a
   *     secret stands in it, whose place is the environment; shows no part of the URL but its
   *     scheme and keys
   */
  public static ReplicaConfig ofUrl(String url, PluginRegistry plugins, Map<String, String> env)
      throws ConfigException {
    return new UrlReader(plugins, EnvExpansion.of(env)).read(url);
  }

  /** What people call it, such as {@code --replica NAME}; unique in its configuration. */
  public String name() {
    return name;
  }

  /** The provider's type, such as {@code file}. */
  public String type() {
    return provider.type();
  }

  /** The provider. */
  public ReplicaProvider<?> provider() {
    return provider;
  }

  /** The plug-in's own configuration record; may hold secrets. */
  public Object config() {
    return config;
  }

  /**
   * Opens the replica.
   *
   * @throws IOException as {@link ReplicaProvider#open} says
   */
  public Replica open() throws IOException {
    if (provider instanceof ReadyReplica ready) {
      return ready.replica();
    }
    return PluginReplica.open(provider, config);
  }

  Map<String, Object> shown() {
    return shown;
  }

  @Override
  public String toString() {
    return ConfigDisplay.json(shown);
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static void requireName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "name \"" + name + "\" may have letters, digits, '.', '_' and '-' only");
    }
  }

  /** Stands in for the provider of a replica that is open already. */
  private record ReadyReplica(Replica replica) implements ReplicaProvider<Replica> {

    @Override
    public String type() {
      return "ready";
    }

    @Override
    public Class<Replica> configType() {
      return Replica.class;
    }

    @Override
    public Replica open(Replica config) {
      return replica;
    }
  }
}
