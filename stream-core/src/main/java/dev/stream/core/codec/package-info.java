/** The codec {@code none}, which is always there. */
@NullMarked
package dev.stream.core.codec;

import org.jspecify.annotations.NullMarked;
