package dev.stream.core.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the database was read back and found to be what its captured commits amount to. That is
 * looked at piece by piece while Stream runs, and as a whole at each start and with each snapshot.
 *
 * @param provenAt everything captured until then was found in the database; null if that was not
 *     looked at yet
 * @param pagesRead how many pages of the turn that is under way were read; 0 if none is
 * @param pages how many the database has
 */
public record ReadBack(@Nullable Instant provenAt, long pagesRead, long pages) {

  /** Nothing was looked at yet. */
  public static final ReadBack NONE = new ReadBack(null, 0, 0);
}
