/** H2 and MVStore as they are without Stream, held against what they are with it. */
@NullMarked
package dev.stream.it.h2;

import org.jspecify.annotations.NullMarked;
