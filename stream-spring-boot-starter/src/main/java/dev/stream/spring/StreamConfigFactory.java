package dev.stream.spring;

import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes Stream's configuration of an application's properties. */
final class StreamConfigFactory {

  private static final Logger LOG = LoggerFactory.getLogger(StreamConfigFactory.class);
  private static final String URL = "spring.datasource.url";
  private static final String FILE = "file:";

  private final StreamProperties properties;
  private final @Nullable String url;

  /**
   * A factory.
   *
   * @param url of the application's database; null if it says none
   */
  StreamConfigFactory(StreamProperties properties, @Nullable String url) {
    this.properties = properties;
    this.url = url;
  }

  StreamConfig make() throws IOException {
    PluginRegistry plugins = PluginRegistry.discover();
    Map<String, Object> tree = new PropertyTree(plugins).of(properties);
    StreamConfig config;
    if (properties.config() != null) {
      if (!tree.isEmpty()) {
        throw new StreamStartException(
            "stream.config names a file, and there are further properties: "
                + String.join(", ", tree.keySet())
                + ". It is not clear which count.",
            "Write everything into the file, or take stream.config out and have properties only.");
      }
      config = StreamConfig.read(file(properties.config()), plugins);
    } else {
      complete(tree);
      config = StreamConfig.of("the properties stream.*", tree, plugins);
    }
    warnOfAnotherDatabase(config.requireDatabase());
    return config;
  }

  private static Path file(String location) {
    try {
      if (location.startsWith(FILE + "///")) {
        return Path.of(URI.create(location));
      }
      return Path.of(location.startsWith(FILE) ? location.substring(FILE.length()) : location);
    } catch (IllegalArgumentException e) {
      throw new StreamStartException(
          "stream.config is \"" + location + "\", which is no path on this system.",
          "Name a file, such as stream.config=file:/etc/app/stream.json");
    }
  }

  /** What the application has said elsewhere need not be said again. */
  private void complete(Map<String, Object> tree) {
    if (!tree.containsKey("database")) {
      DatabaseUrl database = ofDataSource();
      tree.put("database", Map.of("type", database.type(), "path", database.path()));
    }
    if (!tree.containsKey("shadowDir")
        && tree.get("database") instanceof Map<?, ?> database
        && database.get("path") != null) {
      tree.put("shadowDir", database.get("path") + ".stream");
    }
  }

  private DatabaseUrl ofDataSource() {
    String advice =
        "Name the database: stream.database.type=sqlite and stream.database.path=/data/app.db, or"
            + " type h2 and the file with .mv.db.";
    if (url == null) {
      throw new StreamStartException(
          "neither stream.database nor " + URL + " says which database is to be replicated.",
          advice);
    }
    try {
      return DatabaseUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new StreamStartException(URL + " " + e.getMessage() + ".", advice);
    }
  }

  /** An application may have several; but then it should know which of them is safe. */
  private void warnOfAnotherDatabase(DatabaseConfig database) {
    if (url == null) {
      return;
    }
    Path used;
    try {
      used = DatabaseUrl.parse(url).path();
    } catch (IllegalArgumentException e) {
      LOG.warn("{} {}; what is replicated is {}", URL, e.getMessage(), database.path());
      return;
    }
    if (!used.toAbsolutePath().normalize().equals(database.path().toAbsolutePath().normalize())) {
      LOG.warn("{} means {}, which is not replicated; what is, is {}", URL, used, database.path());
    }
  }
}
