package dev.stream.core.plugin;

import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which replicas URLs name: finds the provider of a scheme. Immutable, safe for several threads.
 */
public final class UrlSchemes {

  private final PluginRegistry plugins;
  private final TreeMap<String, List<ReplicaProvider<?>>> byScheme = new TreeMap<>();
  private final TreeSet<String> examples = new TreeSet<>();
  private final List<String> faults = new ArrayList<>();

  private UrlSchemes(PluginRegistry plugins) throws PluginException {
    this.plugins = plugins;
    for (String type : plugins.names(PluginKind.REPLICA)) {
      add(plugins.replica(type));
    }
  }

  /** The schemes of all replica plug-ins that can be used. */
  public static UrlSchemes of(PluginRegistry plugins) throws PluginException {
    return new UrlSchemes(plugins);
  }

  private void add(ReplicaProvider<?> provider) {
    try {
      Optional<ReplicaUrls> urls = provider.urls();
      if (urls.isPresent()) {
        for (String scheme : urls.get().schemes()) {
          byScheme.computeIfAbsent(scheme, key -> new ArrayList<>()).add(provider);
        }
        examples.add(urls.get().example());
      }
    } catch (RuntimeException | LinkageError e) { // it may serve a configuration all the same
      faults.add("replica type \"" + provider.type() + "\" cannot tell its URLs: " + e);
    }
  }

  /** URLs in general, one of each type that has them, ascending. */
  public List<String> examples() {
    return List.copyOf(examples);
  }

  /**
   * The provider whose replicas have URLs of a scheme.
   *
   * @throws PluginException if there is none, or more than one, saying what to do
   */
  public ReplicaProvider<?> provider(String scheme) throws PluginException {
    List<ReplicaProvider<?>> found = byScheme.getOrDefault(scheme, List.of());
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new PluginException(
        PluginKind.REPLICA, scheme, found.isEmpty() ? missing(scheme) : ambiguous(scheme, found));
  }

  private static String ambiguous(String scheme, List<ReplicaProvider<?>> found) {
    List<String> types = found.stream().map(ReplicaProvider::type).toList();
    return "URLs with "
        + scheme
        + ":// could mean a replica of type "
        + String.join(" or ", types)
        + "; use a configuration, which says the type, or remove one of the plug-ins";
  }

  private String missing(String scheme) {
    StringBuilder message = new StringBuilder();
    if (plugins.names(PluginKind.REPLICA).contains(scheme)) {
      message.append("replicas of type \"" + scheme + "\" have no URLs; use a configuration");
    } else {
      message.append("no plug-in knows URLs with " + scheme + "://");
      if (PublishedPlugins.has(PluginKind.REPLICA, scheme)) {
        message.append("; " + PublishedPlugins.remedy(PluginKind.REPLICA, scheme));
      } else {
        NearestName.of(scheme, byScheme.keySet())
            .ifPresent(meant -> message.append("; did you mean " + meant + "://?"));
      }
    }
    if (!examples.isEmpty()) {
      message.append(
          message.charAt(message.length() - 1) == '?' ? " There are: " : "; there are: ");
      message.append(String.join(", ", examples));
    }
    faults.forEach(fault -> message.append("; " + fault));
    return message.toString();
  }
}
