/**
 * What replication costs.
 *
 * <p>What was asked of a replica within a day, as far as the names, sizes and times of what is
 * stored tell it? Prices are the command's. Begin reading at {@link
 * dev.stream.core.cost.DayEstimate}.
 */
@NullMarked
package dev.stream.core.cost;

import org.jspecify.annotations.NullMarked;
