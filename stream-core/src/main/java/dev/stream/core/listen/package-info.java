/** How what an application listens with is called. */
@NullMarked
package dev.stream.core.listen;

import org.jspecify.annotations.NullMarked;
