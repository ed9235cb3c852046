/**
 * The container of snapshots and segments.
 *
 * <p>How do pages become the bytes of an artefact, and how are they found and proven again? Blocks
 * of pages are each compressed by themselves, with an index for random access and a checksum over
 * every byte; {@code docs/FORMAT.md} specifies it. Nothing here knows where an artefact lies. Begin
 * reading at {@link dev.stream.core.artefact.ArtefactWriter} and {@link
 * dev.stream.core.artefact.ArtefactReader}.
 */
@NullMarked
package dev.stream.core.artefact;

import org.jspecify.annotations.NullMarked;
