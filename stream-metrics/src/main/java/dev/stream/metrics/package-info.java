/**
 * Stream's metrics in an application's own registry.
 *
 * <p>How does what {@code dev.stream.core.metric} tells become meters of Micrometer? Nothing is
 * measured here. Begin reading at {@link dev.stream.metrics.StreamMetrics}.
 */
@NullMarked
package dev.stream.metrics;

import org.jspecify.annotations.NullMarked;
