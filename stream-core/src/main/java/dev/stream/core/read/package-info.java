/**
 * Reading artefacts back.
 *
 * <p>How are blocks fetched, decoded and claimed, newest first, in bounded memory, and how is what
 * was read held against the chain? Used by restore, verification and follow. Begin reading at
 * {@link dev.stream.core.read.BlockFetchPipeline}.
 */
@NullMarked
package dev.stream.core.read;

import org.jspecify.annotations.NullMarked;
