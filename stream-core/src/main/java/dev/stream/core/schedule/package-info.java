/**
 * When a generation gets a further snapshot: what a restore of the newest state would read since
 * the last one, and from when on that is too much. Pure; begin with {@link
 * dev.stream.core.schedule.SnapshotRule}.
 */
@NullMarked
package dev.stream.core.schedule;

import org.jspecify.annotations.NullMarked;
