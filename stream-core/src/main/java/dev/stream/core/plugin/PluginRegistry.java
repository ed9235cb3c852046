package dev.stream.core.plugin;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.ReplicaProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The plug-ins at hand, by kind and name. Immutable, safe for use by several threads.
 *
 * <p>A plug-in that cannot be used does not disturb the others: it is listed with its problem, and
 * named when somebody asks for what it would have provided. Two different plug-ins for one name are
 * refused, for no order of the class path should decide between them.
 */
public final class PluginRegistry {

  /** The version of the plug-in interfaces that this Stream speaks. */
  public static final int SPI_VERSION = 1;

  /**
   * The manifest attribute in which a plug-in's jar may say which version of the interfaces it was
   * compiled against; without it any is assumed to fit.
   */
  public static final String SPI_VERSION_ATTRIBUTE = "Stream-Spi-Version";

  private final Map<PluginKind, NavigableMap<String, Plugin>> plugins;
  private final List<PluginInfo> broken;

  PluginRegistry(Map<PluginKind, NavigableMap<String, Plugin>> plugins, List<PluginInfo> broken) {
    this.plugins = plugins;
    this.broken = List.copyOf(broken);
  }

  /** A provider that works, and where it is from. */
  record Plugin(Object provider, PluginInfo info) {}

  /**
   * Finds the plug-ins that this thread's context class loader and this module's layer see: what is
   * on the module path and on the class path. A context class loader that does not know Stream
   * itself, as that of some threads of an application server or of an executable jar, is passed
   * over for the one that loaded Stream.
   *
   * @throws PluginException if two different plug-ins have one name
   */
  public static PluginRegistry discover() throws PluginException {
    ModuleLayer own = PluginRegistry.class.getModule().getLayer();
    return discover(loaderFor(Thread.currentThread()), own == null ? List.of() : List.of(own));
  }

  static ClassLoader loaderFor(Thread thread) {
    ClassLoader context = thread.getContextClassLoader();
    return context != null && knowsStream(context)
        ? context
        : PluginRegistry.class.getClassLoader();
  }

  private static boolean knowsStream(ClassLoader loader) {
    try {
      return loader.loadClass(PluginRegistry.class.getName()) == PluginRegistry.class;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Finds the plug-ins that a class loader and its parents see, and those in module layers and
   * their parents: for instance in jars that an application keeps in a folder of its own.
   *
   * @throws PluginException if two different plug-ins have one name
   */
  public static PluginRegistry discover(ClassLoader loader, Collection<ModuleLayer> layers)
      throws PluginException {
    PluginDiscovery discovery = new PluginDiscovery();
    discovery.search(loader);
    for (ModuleLayer layer : layers) {
      discovery.search(layer);
    }
    return discovery.finish();
  }

  /**
   * A registry of just these providers, for applications that do without discovery.
   *
   * @param providers implementations of {@link ReplicaProvider}, {@link CodecProvider} or {@link
   *     PagedDatabaseProvider}
   * @throws PluginException if two different plug-ins have one name
   */
  public static PluginRegistry of(Collection<?> providers) throws PluginException {
    PluginDiscovery discovery = new PluginDiscovery();
    for (Object provider : providers) {
      discovery.add(provider);
    }
    return discovery.finish();
  }

  /**
   * The replica provider of a type.
   *
   * @throws PluginException if there is none, saying what there is and which artifact to add
   */
  public ReplicaProvider<?> replica(String type) throws PluginException {
    return (ReplicaProvider<?>) provider(PluginKind.REPLICA, type);
  }

  /**
   * The codec provider of a name.
   *
   * @throws PluginException if there is none, saying what there is and which artifact to add
   */
  public CodecProvider codec(String name) throws PluginException {
    return (CodecProvider) provider(PluginKind.CODEC, name);
  }

  /**
   * The database provider of a type.
   *
   * @throws PluginException if there is none, saying what there is and which artifact to add
   */
  public PagedDatabaseProvider<?> database(String type) throws PluginException {
    return (PagedDatabaseProvider<?>) provider(PluginKind.DATABASE, type);
  }

  /**
   * The type of database that a file is one of, by how it begins; null if it is missing or
   * unreadable, or no provider knows it.
   *
   * @throws IOException if it cannot be read
   */
  public @Nullable String databaseTypeOf(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      return null;
    }
    for (String type : names(PluginKind.DATABASE)) {
      if (database(type).recognises(file)) {
        return type;
      }
    }
    return null;
  }

  /**
   * A codec that reads artefacts of that name, with default settings.
   *
   * @throws PluginException if there is none
   * @throws IOException if it cannot run on this machine
   */
  public Codec openCodec(String name) throws IOException {
    return codec(name).create(CodecSettings.DEFAULTS);
  }

  /** Finds the codecs that artefacts name among these plug-ins. */
  public CodecLookup codecs() {
    return new CodecLookup() {
      @Override
      public @Nullable Codec find(String name) throws IOException {
        return find(name, CodecSettings.DEFAULTS);
      }

      @Override
      public @Nullable Codec find(String name, CodecSettings settings) throws IOException {
        return names(PluginKind.CODEC).contains(name) ? codec(name).create(settings) : null;
      }
    };
  }

  /** Finds what knows a type of database among these plug-ins. */
  public DatabaseLookup databases() {
    return type -> {
      if (!names(PluginKind.DATABASE).contains(type)) {
        return null;
      }
      try {
        return database(type);
      } catch (PluginException e) {
        return null; // the registry has just listed it
      }
    };
  }

  /** The types or names of one kind that can be used, ascending. */
  public List<String> names(PluginKind kind) {
    return List.copyOf(of(kind).keySet());
  }

  /** Everything found, by kind and name; the broken ones last. */
  public List<PluginInfo> list() {
    List<PluginInfo> all = new ArrayList<>();
    for (PluginKind kind : PluginKind.values()) {
      of(kind).values().forEach(plugin -> all.add(plugin.info()));
    }
    broken.stream().sorted(Comparator.comparing(PluginInfo::kind)).forEach(all::add);
    return List.copyOf(all);
  }

  private NavigableMap<String, Plugin> of(PluginKind kind) {
    NavigableMap<String, Plugin> found = plugins.get(kind);
    return found == null ? new TreeMap<>() : found;
  }

  private Object provider(PluginKind kind, String name) throws PluginException {
    Plugin plugin = of(kind).get(name);
    if (plugin == null) {
      throw missing(kind, name);
    }
    return plugin.provider();
  }

  private PluginException missing(PluginKind kind, String name) {
    List<PluginInfo> suspects = broken.stream().filter(info -> info.kind() == kind).toList();
    List<PluginInfo> culprits = suspects.stream().filter(info -> claims(info, name)).toList();
    if (!culprits.isEmpty()) {
      return new PluginException(
          kind,
          name,
          kind.label() + " \"" + name + "\" is found but broken: " + describe(culprits));
    }
    StringBuilder message = new StringBuilder("there is no " + kind.label() + " \"" + name + "\"");
    Optional<String> nearest =
        PublishedPlugins.has(kind, name) ? Optional.empty() : NearestName.of(name, names(kind));
    nearest.ifPresent(meant -> message.append("; did you mean \"" + meant + "\"?"));
    message.append(
        names(kind).isEmpty()
            ? (nearest.isPresent() ? " None" : "; none")
            : (nearest.isPresent() ? " Available: " : "; available: ")
                + String.join(", ", names(kind)));
    if (names(kind).isEmpty()) {
      message.append(" is available");
    }
    if (nearest.isEmpty() && PluginDiscovery.NAME.matcher(name).matches()) {
      message.append("; " + PublishedPlugins.remedy(kind, name));
    }
    if (!suspects.isEmpty()) {
      message.append("; found but broken, of unknown type: " + describe(suspects));
    }
    return new PluginException(kind, name, message.toString());
  }

  /** Whether a broken plug-in is, as far as its names tell, the one for this name. */
  private static boolean claims(PluginInfo info, String name) {
    if (info.name() != null) {
      return info.name().equalsIgnoreCase(name);
    }
    String place = Objects.toString(info.location(), "");
    String traces =
        info.moduleName()
            + " "
            + info.className()
            + " "
            + place.substring(place.lastIndexOf(File.separatorChar) + 1);
    return List.of(traces.split("[^A-Za-z0-9]+")).contains(name);
  }

  private static String describe(List<PluginInfo> infos) {
    return infos.stream()
        .map(info -> info.whereabouts() + ": " + info.problem())
        .collect(Collectors.joining("; "));
  }
}
