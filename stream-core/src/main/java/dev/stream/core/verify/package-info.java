/**
 * Proving what a replica holds.
 *
 * <p>Are the artefacts of a replica whole, do they belong together, and up to which state are they
 * proven? Begin reading at {@link dev.stream.core.verify.ReplicaVerifier}.
 */
@NullMarked
package dev.stream.core.verify;

import org.jspecify.annotations.NullMarked;
