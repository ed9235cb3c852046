package dev.stream.core.retention;

import dev.stream.core.archive.ArtefactDescriptor;

/**
 * What becomes of an artefact.
 *
 * @param artefact which one
 * @param goes whether nothing needs it any more
 * @param reason why it stays or goes: the end of a sentence that begins with "it"
 */
public record ArtefactVerdict(ArtefactDescriptor artefact, boolean goes, String reason) {}
