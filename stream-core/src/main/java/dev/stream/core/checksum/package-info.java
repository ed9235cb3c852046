/**
 * The 64-bit hashes of Stream.
 *
 * <p>How are a page and a database hashed? XXH64, and the hash of a page within its database. Begin
 * reading at {@link dev.stream.core.checksum.PageHash}.
 */
@NullMarked
package dev.stream.core.checksum;

import org.jspecify.annotations.NullMarked;
