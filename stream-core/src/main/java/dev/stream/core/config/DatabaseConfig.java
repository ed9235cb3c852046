package dev.stream.core.config;

import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.plugin.PluginMisfit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The database to replicate, not opened yet. Immutable; shows no secret. */
public final class DatabaseConfig {

  private final Object config;
  private final PagedDatabaseProvider<?> provider;
  private final Path path;
  private final Map<String, Object> shown;

  <C> DatabaseConfig(PagedDatabaseProvider<C> provider, Object config, Map<String, Object> shown) {
    C typed = provider.configType().cast(config);
    this.provider = provider;
    this.config = typed;
    this.path = provider.path(typed);
    this.shown = ConfigDisplay.withType(provider.type(), shown);
  }

  /** A database of this provider and configuration. */
  public static <C> DatabaseConfig of(PagedDatabaseProvider<C> provider, C config) {
    return new DatabaseConfig(provider, config, ConfigDisplay.components(config));
  }

  /** The provider's type, such as {@code sqlite}. */
  public String type() {
    return provider.type();
  }

  /** The provider, which also knows the database's files. */
  public PagedDatabaseProvider<?> provider() {
    return provider;
  }

  /** The plug-in's own configuration record; may hold secrets. */
  public Object config() {
    return config;
  }

  /** The database file. */
  public Path path() {
    return path;
  }

  /**
   * Opens the database for capture.
   *
   * @throws IOException as {@link PagedDatabaseProvider#open} says
   */
  public PagedDatabase open() throws IOException {
    try {
      return open(provider);
    } catch (LinkageError e) {
      throw new IOException(
          "database " + type() + " cannot be opened: " + PluginMisfit.describe(provider, e), e);
    }
  }

  /**
   * Tries whether it could be captured now, and changes nothing.
   *
   * @return what an operator should know beforehand; sentences
   * @throws IOException as {@link PagedDatabaseProvider#rehearse} says
   */
  public List<String> rehearse() throws IOException {
    try {
      return rehearse(provider);
    } catch (LinkageError e) {
      throw new IOException(
          "database " + type() + " cannot be opened: " + PluginMisfit.describe(provider, e), e);
    }
  }

  /**
   * Asks a restored copy of it a question.
   *
   * @return the first value of the first row as a text; null if there is none
   * @throws IOException as {@link PagedDatabaseProvider#query} says, or if databases of this type
   *     take no questions
   */
  public @Nullable String query(Path file, String question) throws IOException {
    try {
      return query(provider, file, question);
    } catch (UnsupportedOperationException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    } catch (LinkageError e) {
      throw new IOException(
          "database " + type() + " cannot be asked: " + PluginMisfit.describe(provider, e), e);
    }
  }

  private <C> @Nullable String query(PagedDatabaseProvider<C> typed, Path file, String question)
      throws IOException {
    return typed.query(typed.configType().cast(config), file, question);
  }

  private <C> List<String> rehearse(PagedDatabaseProvider<C> typed) throws IOException {
    return typed.rehearse(typed.configType().cast(config));
  }

  private <C> PagedDatabase open(PagedDatabaseProvider<C> typed) throws IOException {
    return typed.open(typed.configType().cast(config));
  }

  Map<String, Object> shown() {
    return shown;
  }

  @Override
  public String toString() {
    return ConfigDisplay.json(shown);
  }
}
