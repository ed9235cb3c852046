package dev.stream.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.api.config.Secret;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.plugin.UrlSchemes;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads one replica from a URL, as if its parts stood in a configuration. For use once.
 *
 * <p>Where a configuration may hold a secret, a URL may not: a command line can be read by every
 * user of the machine, and stays in the shell's history.
 */
final class UrlReader {

  private final PluginRegistry plugins;
  private final ProblemCollector problems = new ProblemCollector();
  private final Redaction redaction = new Redaction();
  private final RecordBinder binder;

  UrlReader(PluginRegistry plugins, EnvExpansion env) {
    this.plugins = plugins;
    this.binder =
        new RecordBinder(problems, redaction, new ValueReader(env, problems, redaction), Map.of());
  }

  ReplicaConfig read(String text) throws ConfigException {
    UrlText url;
    try {
      url = UrlText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("the URL", "", String.valueOf(e.getMessage()));
    }
    ReplicaProvider<?> provider;
    try {
      provider = UrlSchemes.of(plugins).provider(url.scheme());
    } catch (PluginException e) {
      throw new ConfigException("", "", String.valueOf(e.getMessage()));
    }
    ReplicaUrls urls = provider.urls().orElseThrow();
    if (url.holdsPassword()) {
      throw new ConfigException(
          url.toString(),
          "",
          "holds a password: " + instead(secretOf(provider.configType()), urls));
    }
    Object config = bind(url, urls, provider.configType());
    return new ReplicaConfig(
        provider.type(), provider, config, ConfigDisplay.components(config, redaction::shown));
  }

  /** The key in which this type has its secret; any word if it has none. */
  private static String secretOf(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.isAnnotationPresent(Secret.class))
        .map(RecordComponent::getName)
        .findFirst()
        .orElse("KEY");
  }

  private <C> Object bind(UrlText url, ReplicaUrls urls, Class<C> type) throws ConfigException {
    Map<String, RecordComponent> components = new HashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(component.getName(), component);
    }
    ObjectNode section = section(url, urls, components);
    problems.throwIfAny(url.toString());
    C config = binder.bind(section, type, "", List.of());
    problems.throwIfAny(url.toString());
    return Objects.requireNonNull(config);
  }

  private ObjectNode section(
      UrlText url, ReplicaUrls urls, Map<String, RecordComponent> components) {
    ObjectNode section = ConfigTree.object(Map.of());
    Map<String, String> address;
    try {
      address =
          urls.settings(
              new ReplicaUrl(
                  url.scheme(), url.user(), url.authority(), url.path(), url.query().keySet()));
    } catch (RuntimeException | LinkageError e) {
      binder.refused(e, List.copyOf(components.keySet()), "");
      return section;
    }
    address.forEach((key, value) -> put(section, key, List.of(value), components));
    url.query()
        .forEach(
            (key, values) -> {
              RecordComponent component = components.get(key);
              if (address.containsKey(key)) {
                problems.add(key, "is what the URL's address says; leave it out after the ?");
              } else if (component != null
                  && component.isAnnotationPresent(Secret.class)
                  && values.stream().anyMatch(value -> !value.contains("${"))) {
                problems.add(key, "must not be written here: " + instead(key, urls));
              } else {
                put(section, key, values, components);
              }
            });
    return section;
  }

  private static String instead(String key, ReplicaUrls urls) {
    return "every user of this machine can read a command line. "
        + urls.credentials()
        + ", set an environment variable and write '?"
        + key
        + "=${NAME}' in single quotes, or use --config";
  }

  private void put(
      ObjectNode section,
      String key,
      List<String> values,
      Map<String, RecordComponent> components) {
    RecordComponent component = components.get(key);
    if (component != null && List.class.isAssignableFrom(component.getType())) {
      section.set(key, ConfigTree.node(values));
    } else if (values.size() > 1) {
      problems.add(key, "is given twice");
    } else {
      section.set(key, node(values.get(0), component == null ? String.class : component.getType()));
    }
  }

  /** A number or a flag is one in a configuration; in a URL everything is text. */
  private static JsonNode node(String text, Class<?> type) {
    if ((type == boolean.class || type == Boolean.class) && text.matches("true|false")) {
      return ConfigTree.node(Boolean.valueOf(text));
    }
    boolean number =
        type == int.class || type == Integer.class || type == long.class || type == Long.class;
    return ConfigTree.node(number && text.matches("-?[0-9]{1,18}") ? Long.valueOf(text) : text);
  }
}
