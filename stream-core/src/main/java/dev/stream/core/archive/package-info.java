/**
 * What lies on a replica.
 *
 * <p>How are generations, snapshots, segments and pins named, listed, read and stored? Everything
 * that knows a key or a listing belongs here; what a listing means for a restore is in {@code
 * chain}. Begin reading at {@link dev.stream.core.archive.ReplicaArchive}.
 */
@NullMarked
package dev.stream.core.archive;

import org.jspecify.annotations.NullMarked;
