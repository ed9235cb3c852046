/** Keeps a database that is not the known one from becoming a replica's newest state unasked. */
@NullMarked
package dev.stream.core.guard;

import org.jspecify.annotations.NullMarked;
