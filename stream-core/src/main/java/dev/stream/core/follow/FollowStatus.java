package dev.stream.core.follow;

import dev.stream.core.state.GenerationId;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a followed copy is.
 *
 * @param path the copy
 * @param replica the replica it was last changed from; empty if it was not since the start
 * @param generation its generation
 * @param txId its last transaction
 * @param committedAt when that was captured, by the capturing machine's clock; null if not known
 * @param checksum its database checksum, proven
 * @param changes how often it was moved on, since the start
 * @param reseeds how often it was restored as a whole, since the start
 * @param bytesFetched stored bytes fetched, since the start
 */
public record FollowStatus(
    Path path,
    String replica,
    GenerationId generation,
    long txId,
    @Nullable Instant committedAt,
    long checksum,
    long changes,
    long reseeds,
    long bytesFetched) {}
