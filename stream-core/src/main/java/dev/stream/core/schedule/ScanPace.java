package dev.stream.core.schedule;

import java.time.Duration;

/**
 * How fast the database is read back to prove what was captured.
 *
 * @param slice bytes at a time
 * @param turn how long it takes to read all of it, if that is possible with these pauses
 * @param least the shortest pause
 * @param most the longest pause
 */
public record ScanPace(int slice, Duration turn, Duration least, Duration most) {

  /**
   * 8 MiB at a time, all of it in a day; at most 8 MiB a second, and every ten minutes at least.
   */
  public static final ScanPace GENTLE =
      new ScanPace(8 << 20, Duration.ofDays(1), Duration.ofSeconds(1), Duration.ofMinutes(10));

  /** The pause between two slices of a database. */
  public Duration pause(long databaseBytes) {
    long slices = Math.max(1, (databaseBytes + slice - 1) / slice);
    Duration even = turn.dividedBy(slices);
    if (even.compareTo(least) < 0) {
      return least;
    }
    return even.compareTo(most) > 0 ? most : even;
  }
}
