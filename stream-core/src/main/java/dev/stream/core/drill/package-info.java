/**
 * Restores that nobody needs, made to know that they are possible.
 *
 * <p>Is a backup good? A replica is restored to a scratch copy, which is proven, checked by the
 * database, and asked what it holds. Here is how that is done ({@link
 * dev.stream.core.drill.Drill}), when ({@link dev.stream.core.drill.DrillSchedule}), and where the
 * outcome is kept ({@link dev.stream.core.drill.DrillRecords}). How a file is restored is in {@code
 * restore}.
 */
@NullMarked
package dev.stream.core.drill;

import org.jspecify.annotations.NullMarked;
