/**
 * What a replica may lose.
 *
 * <p>Which artefacts must be kept for the states that are promised, and how do the others go?
 * Planned from the listing alone, so that it can be shown first. Begin reading at {@link
 * dev.stream.core.retention.RetentionPlanner}.
 */
@NullMarked
package dev.stream.core.retention;

import org.jspecify.annotations.NullMarked;
