/** The shadow log: what was captured and is not yet on every replica. */
@NullMarked
package dev.stream.core.shadow;

import org.jspecify.annotations.NullMarked;
