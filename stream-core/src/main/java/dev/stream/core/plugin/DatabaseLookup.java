package dev.stream.core.plugin;

import dev.stream.api.database.PagedDatabaseProvider;
import org.jspecify.annotations.Nullable;

/** Finds what knows a type of database. Safe for use by several threads. */
@FunctionalInterface
public interface DatabaseLookup {

  /** Knows no database. */
  DatabaseLookup NONE = type -> null;

  /** The provider of that type; null if none is installed. */
  @Nullable PagedDatabaseProvider<?> find(String type);
}
