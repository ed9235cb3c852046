/** What replication costs, as far as the names, sizes and times of what is stored tell it. */
@NullMarked
package dev.stream.core.cost;

import org.jspecify.annotations.NullMarked;
