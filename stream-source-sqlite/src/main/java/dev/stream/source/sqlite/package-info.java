/** The database {@code sqlite}. */
@NullMarked
package dev.stream.source.sqlite;

import org.jspecify.annotations.NullMarked;
