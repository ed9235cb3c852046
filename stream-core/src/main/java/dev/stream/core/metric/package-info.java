/**
 * How a Stream is doing, in numbers.
 *
 * <p>What does a monitoring system read of a Stream, under which name and in which unit? Values
 * alone, without a library: what counts is in {@code count}, and {@code stream-metrics} binds it to
 * Micrometer. Begin reading at {@link dev.stream.core.metric.MetricSource}.
 */
@NullMarked
package dev.stream.core.metric;

import org.jspecify.annotations.NullMarked;
