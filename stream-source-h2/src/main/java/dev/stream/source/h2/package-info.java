/**
 * The database {@code h2}: H2 databases and MVStores of this JVM, captured in their commit path.
 *
 * <p>{@link dev.stream.source.h2.H2Stream} is where an application begins.
 */
@NullMarked
package dev.stream.source.h2;

import org.jspecify.annotations.NullMarked;
