/**
 * How a Stream is doing, as records.
 *
 * <p>What does an application learn when it asks? How it is found out is in {@code monitor}. Begin
 * reading at {@link dev.stream.core.status.StreamStatus}.
 */
@NullMarked
package dev.stream.core.status;

import org.jspecify.annotations.NullMarked;
