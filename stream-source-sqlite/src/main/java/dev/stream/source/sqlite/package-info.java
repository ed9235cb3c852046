/**
 * The database type {@code sqlite}: follows the write-ahead log of a SQLite file.
 *
 * <p>Formats and rules are those of the SQLite documents "Database File Format" (section 4, "The
 * Write-Ahead Log"), "Write-Ahead Logging" and "WAL-mode File Format".
 */
@NullMarked
package dev.stream.source.sqlite;

import org.jspecify.annotations.NullMarked;
