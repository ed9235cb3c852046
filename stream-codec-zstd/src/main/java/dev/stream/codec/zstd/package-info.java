/** The codec {@code zstd}. */
@NullMarked
package dev.stream.codec.zstd;

import org.jspecify.annotations.NullMarked;
