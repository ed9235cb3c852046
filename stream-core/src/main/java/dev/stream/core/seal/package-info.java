/**
 * From closed logs to segments.
 *
 * <p>When does what was captured become a segment, and in which order? Begin reading at {@link
 * dev.stream.core.seal.SealingLoop}.
 */
@NullMarked
package dev.stream.core.seal;

import org.jspecify.annotations.NullMarked;
