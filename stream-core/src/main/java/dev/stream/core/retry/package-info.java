/**
 * Trying again, in one place.
 *
 * <p>Which failures can another attempt help, after what wait, and in what words are they told?
 * Begin reading at {@link dev.stream.core.retry.Retry}.
 */
@NullMarked
package dev.stream.core.retry;

import org.jspecify.annotations.NullMarked;
