/** Trying again, in one place: only what can help, at a pace that spares the other side. */
@NullMarked
package dev.stream.core.retry;

import org.jspecify.annotations.NullMarked;
