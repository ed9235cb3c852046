/** How blocks of pages are compressed: independent blocks, so that both sides run in parallel. */
@NullMarked
package dev.stream.api.codec;

import org.jspecify.annotations.NullMarked;
