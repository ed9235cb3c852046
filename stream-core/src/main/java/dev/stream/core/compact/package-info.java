/**
 * Merging of segments into wider ones: which are due is decided by a pure planner, and how several
 * become one by a merger that streams.
 */
@NullMarked
package dev.stream.core.compact;

import org.jspecify.annotations.NullMarked;
