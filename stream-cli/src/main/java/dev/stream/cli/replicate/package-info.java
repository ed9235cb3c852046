/**
 * {@code stream replicate}.
 *
 * <p>How does one process replicate a database until it is told to stop, with an application beside
 * it or without? What other commands need to know of such a process also enters: which databases it
 * can capture, and how it is asked for a snapshot or to send everything. Begin reading at {@link
 * dev.stream.cli.replicate.ReplicateRun}.
 */
@NullMarked
package dev.stream.cli.replicate;

import org.jspecify.annotations.NullMarked;
