/**
 * The container of snapshots and segments: blocks of pages, each compressed by itself, with an
 * index for random access and a checksum over every byte. {@code docs/FORMAT.md} specifies it.
 */
@NullMarked
package dev.stream.core.artefact;

import org.jspecify.annotations.NullMarked;
