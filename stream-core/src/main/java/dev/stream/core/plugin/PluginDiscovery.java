package dev.stream.core.plugin;

import dev.stream.api.codec.CodecProvider;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.ReplicaProvider;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Spliterator;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers providers, one search after the other. */
final class PluginDiscovery {

  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

  private static final Pattern NAMED_IN_ERROR =
      Pattern.compile("(?:[Pp]rovider|:) ([\\w.$]+) (?:not|could|must)");

  /** A service loader that fails this often does not come to an end. */
  private static final int MOST_FAILURES = 1000;

  private final Map<PluginKind, NavigableMap<String, PluginRegistry.Plugin>> plugins =
      new EnumMap<>(PluginKind.class);
  private final List<PluginInfo> broken = new ArrayList<>();

  void search(ClassLoader loader) throws PluginException {
    for (PluginKind kind : PluginKind.values()) {
      search(kind, ServiceLoader.load(kind.service(), loader), loader);
    }
  }

  void search(ModuleLayer layer) throws PluginException {
    for (PluginKind kind : PluginKind.values()) {
      search(kind, ServiceLoader.load(layer, kind.service()), null);
    }
  }

  void add(Object provider) throws PluginException {
    boolean known = false;
    for (PluginKind kind : PluginKind.values()) {
      if (kind.service().isInstance(provider)) {
        register(kind, provider);
        known = true;
      }
    }
    if (!known) {
      throw new IllegalArgumentException(provider.getClass().getName() + " is no provider");
    }
  }

  PluginRegistry finish() {
    return new PluginRegistry(new EnumMap<>(plugins), broken);
  }

  private <S> void search(PluginKind kind, ServiceLoader<S> services, @Nullable ClassLoader loader)
      throws PluginException {
    // A spliterator, unlike a stream, goes on after a provider that could not be loaded.
    Spliterator<ServiceLoader.Provider<S>> found = services.stream().spliterator();
    List<ServiceLoader.Provider<S>> next = new ArrayList<>();
    int failures = 0;
    while (failures < MOST_FAILURES) {
      next.clear();
      try {
        if (!found.tryAdvance(next::add)) {
          return;
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        failedToLoad(kind, e, loader);
        continue;
      }
      instantiate(kind, next.get(0));
    }
  }

  private <S> void instantiate(PluginKind kind, ServiceLoader.Provider<S> found)
      throws PluginException {
    PluginOrigin origin = PluginOrigin.UNKNOWN;
    Object provider;
    try {
      origin = PluginOrigin.of(found.type());
      String tooNew = tooNew(origin);
      if (tooNew != null) {
        reject(origin.info(kind, null, tooNew));
        return;
      }
      provider = found.get();
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      reject(origin.info(kind, null, reason(e)));
      return;
    }
    register(kind, provider);
  }

  private void failedToLoad(PluginKind kind, Error error, @Nullable ClassLoader loader) {
    Matcher named = NAMED_IN_ERROR.matcher(Objects.toString(error.getMessage(), ""));
    PluginOrigin origin =
        named.find() ? PluginOrigin.ofUnloadable(named.group(1), loader) : PluginOrigin.UNKNOWN;
    String tooNew = tooNew(origin);
    reject(origin.info(kind, null, tooNew == null ? reason(error) : tooNew));
  }

  private void register(PluginKind kind, Object provider) throws PluginException {
    PluginOrigin origin = PluginOrigin.of(provider.getClass());
    String name = null;
    try {
      name = name(kind, provider);
      String problem = problem(kind, name, provider);
      if (problem != null) {
        reject(origin.info(kind, name, problem));
        return;
      }
    } catch (LinkageError | RuntimeException e) {
      reject(origin.info(kind, name, reason(e)));
      return;
    }
    PluginInfo info = origin.info(kind, name, null);
    NavigableMap<String, PluginRegistry.Plugin> ofKind =
        plugins.computeIfAbsent(kind, k -> new TreeMap<>());
    PluginRegistry.Plugin first =
        ofKind.putIfAbsent(name, new PluginRegistry.Plugin(provider, info));
    if (first != null && !same(first.info(), info)) {
      throw new PluginException(
          kind,
          name,
          "two plug-ins provide the "
              + kind.label()
              + " \""
              + name
              + "\": "
              + first.info().whereabouts()
              + ", and "
              + info.whereabouts()
              + "; remove one of the two, so that it is certain which is used");
    }
  }

  private void reject(PluginInfo info) {
    if (!broken.contains(info)) { // seen by the class loader and again in a layer
      broken.add(info);
    }
  }

  private static String name(PluginKind kind, Object provider) {
    return switch (kind) {
      case REPLICA -> ((ReplicaProvider<?>) provider).type();
      case CODEC -> ((CodecProvider) provider).name();
      case DATABASE -> ((PagedDatabaseProvider<?>) provider).type();
    };
  }

  private static @Nullable String problem(PluginKind kind, @Nullable String name, Object provider) {
    if (name == null) {
      return "it has no name";
    }
    if (!NAME.matcher(name).matches()) {
      return "its name \"" + name + "\" is not of the form " + NAME;
    }
    return switch (kind) {
      case REPLICA ->
          configProblem(((ReplicaProvider<?>) provider).configType(), List.of("type", "name"));
      case CODEC -> null;
      case DATABASE ->
          configProblem(((PagedDatabaseProvider<?>) provider).configType(), List.of("type"));
    };
  }

  private static @Nullable String configProblem(@Nullable Class<?> type, List<String> reserved) {
    if (type == null || !type.isRecord() || !Modifier.isPublic(type.getModifiers())) {
      return "its configuration type "
          + (type == null ? "is null" : type.getName() + " is not a public record");
    }
    Module module = type.getModule();
    if (!module.isExported(type.getPackageName(), PluginDiscovery.class.getModule())) {
      return "its module "
          + module.getName()
          + " must export the package "
          + type.getPackageName()
          + " of its configuration record";
    }
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .filter(reserved::contains)
        .findFirst()
        .map(key -> "its configuration uses the key \"" + key + "\", which Stream uses itself")
        .orElse(null);
  }

  private static @Nullable String tooNew(PluginOrigin origin) {
    String stated = origin.spiVersion();
    if (stated == null) {
      return null;
    }
    String major = stated.trim().split("\\.", 2)[0];
    try {
      if (Integer.parseInt(major) <= PluginRegistry.SPI_VERSION) {
        return null;
      }
    } catch (NumberFormatException e) {
      return PluginRegistry.SPI_VERSION_ATTRIBUTE + " in its manifest is not a number";
    }
    return "it is made for version "
        + major
        + " of the plug-in interfaces, this Stream has version "
        + PluginRegistry.SPI_VERSION
        + "; use a newer Stream or an older release of the plug-in";
  }

  /** Whether two finds are one plug-in: seen twice, or from two copies of one jar. */
  private static boolean same(PluginInfo a, PluginInfo b) {
    if (!Objects.equals(a.className(), b.className())) {
      return false;
    }
    if (a.location() == null || b.location() == null || a.location().equals(b.location())) {
      return true;
    }
    try {
      Path one = Path.of(a.location());
      Path two = Path.of(b.location());
      return Files.isSameFile(one, two)
          || (Files.isRegularFile(one)
              && Files.isRegularFile(two)
              && Files.mismatch(one, two) == -1);
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /** The innermost cause says what is wrong; the service loader only that something is. */
  private static String reason(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause.getCause() != null && depth < 20; depth++) {
      cause = cause.getCause();
    }
    String message = Objects.toString(cause.getMessage(), "");
    if (cause instanceof ServiceConfigurationError) {
      return message.replaceFirst("^dev\\.stream\\.api\\.[\\w.]+: ", "");
    }
    if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
      return "the class " + message.replace('/', '.') + " that it needs is missing; add its jar";
    }
    return cause.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
  }
}
