/** The replica {@code file}. */
@NullMarked
package dev.stream.replica.file;

import org.jspecify.annotations.NullMarked;
