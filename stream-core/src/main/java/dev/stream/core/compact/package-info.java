/**
 * Merging segments into wider ones.
 *
 * <p>Which neighbouring segments become one, and how? What is due is decided by a pure planner; a
 * merger that streams does it. Begin reading at {@link dev.stream.core.compact.CompactionPlanner},
 * then {@link dev.stream.core.compact.CompactionLoop}.
 */
@NullMarked
package dev.stream.core.compact;

import org.jspecify.annotations.NullMarked;
