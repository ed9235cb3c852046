package dev.stream.core.artefact;

/**
 * Where one block is and what it holds.
 *
 * @param index position among the blocks, from 0
 * @param offset where its stored bytes begin in the artefact
 * @param storedLength number of stored bytes; equal to {@code rawLength} if stored as they are
 * @param rawLength bytes of its pages
 * @param checksum of the stored bytes
 * @param pages ids of its pages, in the order of their bytes
 */
public record BlockEntry(
    int index, long offset, int storedLength, int rawLength, long checksum, PageRuns pages) {}
