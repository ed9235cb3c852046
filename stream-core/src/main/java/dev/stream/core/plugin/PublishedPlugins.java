package dev.stream.core.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Stream itself publishes, by kind and name: so that an artifact is advised only if there is
 * one. Immutable, safe for use by several threads.
 */
public final class PublishedPlugins {

  private static final String LIST = "published.properties";
  private static final Map<String, String> BY_KEY = read();

  private PublishedPlugins() {}

  private static Map<String, String> read() {
    Properties properties = new Properties();
    try (InputStream list = PublishedPlugins.class.getResourceAsStream(LIST)) {
      if (list != null) {
        properties.load(list);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> entries = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> entries.put(key, properties.getProperty(key)));
    return entries;
  }

  private static @Nullable String entry(PluginKind kind, String name) {
    return BY_KEY.get(kind.name().toLowerCase(Locale.ROOT) + "." + name);
  }

  static boolean has(PluginKind kind, String name) {
    return entry(kind, name) != null;
  }

  /**
   * What to do if no plug-in of a name is found; a clause such as {@code add the artifact
   * dev.stream:stream-codec-zstd (its jar)}.
   */
  public static String remedy(PluginKind kind, String name) {
    String entry = entry(kind, name);
    if (entry == null) {
      return "it is none of Stream's own: add the jar of the plug-in that provides it";
    }
    String[] parts = entry.split(" ", 2);
    String file = parts[1].replace('.', '/') + ".class";
    URL found = PluginRegistry.loaderFor(Thread.currentThread()).getResource(file);
    if (found == null) {
      return "add the artifact " + parts[0] + " (its jar)";
    }
    return "its class "
        + parts[1]
        + " is here ("
        + found
        + "), but no META-INF/services/"
        + kind.service().getName()
        + " names it: have whatever merges jars into one merge these files too (Maven: the"
        + " ServicesResourceTransformer of the shade plugin; Gradle: mergeServiceFiles())";
  }
}
