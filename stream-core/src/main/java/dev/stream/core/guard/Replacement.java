package dev.stream.core.guard;

import dev.stream.api.database.DatabaseImage.Relation;
import dev.stream.core.shadow.DatabaseState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What takes the place of the last known state of a database that is followed from outside, where
 * no log says how one became the other.
 *
 * @param before the last known state
 * @param knownAt when that was the newest
 * @param after what there is now
 * @param related whether any page that tells something is what it was, or nobody has compared
 * @param relation what the source says where no page is
 * @param anotherFile whether the path leads to another file than before
 * @param fileChangedAt when the file was last changed; null if that is not known
 */
public record Replacement(
    DatabaseState before,
    Instant knownAt,
    DatabaseState after,
    boolean related,
    Relation relation,
    boolean anotherFile,
    @Nullable Instant fileChangedAt) {

  /** In a file of fewer pages, each may have changed without any harm. */
  private static final long MANY_PAGES = 64;

  /** Whether so little is left that it must not take the place of what was there unasked. */
  public static boolean isLoss(DatabaseState before, DatabaseState after) {
    return bytes(after) < bytes(before) / 10;
  }

  /** What the pages and the source tell; which file it is, is not known. */
  public static Replacement of(
      DatabaseState before,
      Instant knownAt,
      DatabaseState after,
      boolean related,
      Relation relation) {
    return new Replacement(before, knownAt, after, related, relation, false, null);
  }

  /** The same with what the file tells. */
  public Replacement inFile(boolean another, @Nullable Instant changedAt) {
    return new Replacement(before, knownAt, after, related, relation, another, changedAt);
  }

  /** The length of a database. */
  public static long bytes(DatabaseState state) {
    return state.highWaterMark() * state.pageSize();
  }

  /** Whether it is objected to for its time, which a clock that was wrong falsifies. */
  public boolean isObjectedToByClock() {
    return !isLoss(before, after) && isOlder();
  }

  private boolean isOlder() {
    return anotherFile && fileChangedAt != null && fileChangedAt.isBefore(knownAt);
  }

  /** Why it must not become the newest state of a replica unasked; null if it may. */
  public @Nullable String objection() {
    if (isLoss(before, after)) {
      return "it has only "
          + bytes(after)
          + " of the "
          + bytes(before)
          + " bytes that it had at "
          + knownAt
          + (anotherFile ? ", and is another file" : "");
    }
    if (isOlder()) {
      return "another file has taken its place, last changed at "
          + fileChangedAt
          + ", before the newest commit that was captured ("
          + knownAt
          + "): an older copy, or a clock was wrong when either was noted";
    }
    if (related || before.highWaterMark() == 0) {
      return null;
    }
    if (anotherFile) {
      return "another file has taken its place, which has nothing in common with it";
    }
    if (relation == Relation.LATER) {
      return null;
    }
    if (relation == Relation.OTHER) {
      return "no page that tells anything is what it was, and it is no later state of it";
    }
    boolean many = Math.min(before.highWaterMark(), after.highWaterMark()) >= MANY_PAGES;
    return many && before.pageSize() == after.pageSize()
        ? "its content was replaced: no page that tells anything is what it was"
        : null;
  }
}
