/**
 * Files of this machine.
 *
 * <p>How is a file made, given its owner and rights, named and made durable? Nothing here knows
 * what a file holds. Begin reading at {@link dev.stream.core.file.RestoreFile}.
 */
@NullMarked
package dev.stream.core.file;

import org.jspecify.annotations.NullMarked;
