/**
 * What is counted of a replication since its start.
 *
 * <p>How often did what happen, and what becomes of that and of the status as metrics? Counting
 * stands in the way of nothing: it neither waits nor fails. Begin reading at {@link
 * dev.stream.core.count.MetricReport}.
 */
@NullMarked
package dev.stream.core.count;

import org.jspecify.annotations.NullMarked;
