/** From a replica back to a database file: plan, pipeline, proof and the swap into place. */
@NullMarked
package dev.stream.core.restore;

import org.jspecify.annotations.NullMarked;
