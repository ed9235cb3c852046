/**
 * When something is due.
 *
 * <p>When does a snapshot pay, a listing tell something new, a scan go on, and since when does
 * something fail? Rules are pure; threads are here too. Begin reading at {@link
 * dev.stream.core.schedule.SnapshotRule}.
 */
@NullMarked
package dev.stream.core.schedule;

import org.jspecify.annotations.NullMarked;
