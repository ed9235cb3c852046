package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a database looked like from outside, with nothing of Stream's open on it.
 *
 * @param database stamp of the file; null if there is none
 * @param log stamp of its log; null if there is none
 * @param index what the index says that was known when Stream let go; null if it is no more, or
 *     being written
 * @param sameIndex whether that index is still the one beside the database
 */
record LastLook(
    @Nullable FileStamp database,
    @Nullable FileStamp log,
    WalIndex.@Nullable State index,
    boolean sameIndex) {

  /** What is to be made of a look. */
  enum Finding {
    /** Nothing was committed. */
    NOTHING,
    /** The log may hold something new: it is to be followed again. */
    COMMITS,
    /** Something happened that no log tells of: the content has to be compared. */
    CHANGED,
    /** There is another file. */
    REPLACED,
    /** There is no file. */
    GONE
  }

  /**
   * Looks at a database.
   *
   * @param configured path of the file, links and all
   * @param real where its log is looked for: beside the file that was followed last
   */
  static LastLook at(Path configured, Path real, @Nullable WalIndex known) throws IOException {
    boolean same = known != null && known.isCurrent();
    WalIndex.State state = known != null && same ? known.readOnce() : null;
    return new LastLook(FileStamp.of(configured), FileStamp.of(WalFile.path(real)), state, same);
  }

  /**
   * Compares a later look with this one.
   *
   * @param follower what was captured last
   */
  Finding compare(LastLook now, LogFollower follower) {
    FileStamp file = now.database();
    if (file == null || file.size() == 0) {
      return Finding.GONE;
    }
    if (database == null || !Objects.equals(file.key(), database.key())) {
      return Finding.REPLACED;
    }
    boolean untouched = file.equals(database);
    if (sameIndex && now.sameIndex() && isEmpty(log) == isEmpty(now.log())) {
      // Whoever has the database open shares this index: it tells of every commit.
      if (now.index() == null || !follower.isAtEnd(now.index())) {
        return Finding.COMMITS;
      }
      boolean writtenBack = index == null || now.index().writtenBack() != index.writtenBack();
      return untouched || writtenBack ? Finding.NOTHING : Finding.CHANGED;
    }
    if (!isEmpty(now.log())) {
      return Finding.COMMITS;
    }
    return untouched && isEmpty(log) ? Finding.NOTHING : Finding.CHANGED;
  }

  /** Whether the file held everything by itself, and nobody shared an index with Stream. */
  boolean isWhole() {
    return database != null && isEmpty(log) && !sameIndex;
  }

  /** Whether both saw the same files in the same state. */
  boolean sameFiles(LastLook other) {
    return Objects.equals(database, other.database) && Objects.equals(log, other.log);
  }

  private static boolean isEmpty(@Nullable FileStamp log) {
    return log == null || log.size() == 0;
  }
}
