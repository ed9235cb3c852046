package dev.stream.api.database;

import java.nio.file.Path;

/**
 * What a source says of its database.
 *
 * @param type the provider's type, such as {@code sqlite}
 * @param path the database file
 * @param engine what reads it, for people, such as {@code SQLite 3.54.1}
 */
public record DatabaseInfo(String type, Path path, String engine) {}
