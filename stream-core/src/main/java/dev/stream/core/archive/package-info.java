/** Generations, snapshots, segments and pins on a replica: keys, listing, reading and storing. */
@NullMarked
package dev.stream.core.archive;

import org.jspecify.annotations.NullMarked;
