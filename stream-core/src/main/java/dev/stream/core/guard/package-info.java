/**
 * Whose newest state a replica holds.
 *
 * <p>May this database become the newest state of that replica? At the start, while it runs, when a
 * second writer is met, and in a rehearsal. Begin reading at {@link
 * dev.stream.core.guard.StartCheck} and {@link dev.stream.core.guard.LineageGuard}.
 */
@NullMarked
package dev.stream.core.guard;

import org.jspecify.annotations.NullMarked;
