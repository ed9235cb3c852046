/** The {@code stream} command. */
@NullMarked
package dev.stream.cli;

import org.jspecify.annotations.NullMarked;
