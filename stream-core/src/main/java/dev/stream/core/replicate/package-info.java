/**
 * The parts of one replication, put together.
 *
 * <p>In what order do the parts of a replication begin, hear of each other and end? Decisions are
 * in the rooms of the parts; this one has the wiring, and what needs several of them. Begin reading
 * at {@link dev.stream.core.replicate.Replication}.
 */
@NullMarked
package dev.stream.core.replicate;

import org.jspecify.annotations.NullMarked;
