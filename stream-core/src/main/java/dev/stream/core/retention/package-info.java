/** What a replica may lose: planned from its listing alone, so that it can be shown first. */
@NullMarked
package dev.stream.core.retention;

import org.jspecify.annotations.NullMarked;
