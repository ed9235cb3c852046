/**
 * From the source's commits to the shadow log.
 *
 * <p>Does what a source hands over go on from what was captured last, and what is done if that
 * cannot be proven? Catch-ups, the hashes of pages and the scan that proves capture afterwards
 * belong here; what becomes of a closed log is in {@code seal}. Begin reading at {@link
 * dev.stream.core.capture.Capture}.
 */
@NullMarked
package dev.stream.core.capture;

import org.jspecify.annotations.NullMarked;
