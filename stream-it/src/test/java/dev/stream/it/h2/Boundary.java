package dev.stream.it.h2;

import java.util.List;

/**
 * The bytes of a file as of one write, and what they may hold.
 *
 * @param newestChunk where the chunk that was written last begins; negative if none was
 * @param spans the states of each writer that may be found
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Boundary(String what, byte[] bytes, int newestChunk, List<StateLog.Span> spans) {}
