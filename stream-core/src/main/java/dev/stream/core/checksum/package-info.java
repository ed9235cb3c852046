/** The 64-bit hashes of Stream: XXH64, and the hash of a page within a database. */
@NullMarked
package dev.stream.core.checksum;

import org.jspecify.annotations.NullMarked;
