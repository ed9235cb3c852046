package dev.stream.source.sqlite;

import dev.stream.source.sqlite.LastLook.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a database with nothing open on it, until there is something to be followed or compared.
 *
 * <p>What no log tells of may still be going on: a file that is being copied over the database. It
 * is waited for until nothing changes for a moment. And a comparison reads all of the database, so
 * that those that follow each other keep a distance: a fifth of the time at most goes into them.
 *
 * <p>For use by one thread.
 */
final class Watch {

  private static final long SETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int DISTANCE = 4;

  /** A link may be switched, or a file changed, of which no event tells. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The same where neither is to be expected. */
  private static final long RARE_LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * Where the next commit may restart the log, it has to be proven that it is the next one: until
   * the file's times can tell ({@link #whole}), {@link CommitCount} does, with a look every 250 ms.
   */
  private static final long COUNT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Path configured;
  private final LogFollower follower;
  private final BooleanSupplier surely;
  private @Nullable Path path;
  private @Nullable WalIndex index;
  private @Nullable LastLook last;
  private @Nullable LastLook changing;
  private @Nullable FileStamp whole;
  private boolean counts;
  private long changingSince;
  private long settlingSince;
  private long compareAt = System.nanoTime();
  private long lookedAt = System.nanoTime();

  /**
   * A watch.
   *
   * @param surely whether the kernel tells of everything that happens to the file, by events and by
   *     the file's times
   */
  Watch(Path configured, LogFollower follower, BooleanSupplier surely) {
    this.configured = configured;
    this.follower = follower;
    this.surely = surely;
  }

  /** The index that was read last; null for none. */
  @Nullable WalIndex index() {
    return index;
  }

  /** Whether a change was seen that is not captured yet. */
  boolean isSettling() {
    return changing != null;
  }

  void attached(Attachment open) {
    path = open.path();
    index = open.index();
    changing = null;
    whole = null;
  }

  /**
   * Nothing is open any more.
   *
   * @param before stamp of the file before it was closed: if SQLite wrote into it at closing,
   *     somebody else may have done so as well; null if another file is at its path
   */
  void letGo(Attachment was, @Nullable FileStamp before) throws IOException {
    LastLook now = LastLook.at(was.path(), was.path(), index);
    boolean inLog = now.log() != null && now.sameIndex();
    last =
        new LastLook(
            before != null && inLog ? now.database() : before,
            now.log(),
            now.index(),
            now.sameIndex());
    changing = null;
    if (!now.sameIndex()) {
      index = null;
    }
    whole = null; // not before a look has found that nobody changed the file meanwhile
    counts = holdsAll(now);
    KeptOpen.releaseReplaced(was.path());
    KeptOpen.releaseReplaced(WalIndex.path(was.path()));
  }

  /** What was seen last says nothing any more. */
  void interrupted() {
    last = null;
    whole = null;
  }

  /**
   * What the file was when it held everything that is captured, if any later change would have
   * changed it; null if that is not known.
   */
  @Nullable FileStamp whole() {
    return whole;
  }

  /** Whether somebody else kept the log when Stream let go. */
  boolean foundOthers() {
    return last != null && last.log() != null && last.log().size() > 0;
  }

  /** Whether the last look found nothing new, nobody there, and no log that says anything. */
  boolean isWhole() {
    LastLook seen = last;
    return seen != null && changing == null && seen.isWhole();
  }

  /** Whether the file is what it was at the last look. */
  boolean isUntouched() throws IOException {
    LastLook seen = last;
    return seen != null
        && seen.database() != null
        && seen.database().equals(FileStamp.of(configured));
  }

  /** A comparison took so long. */
  void compared(long nanos) {
    compareAt = System.nanoTime() + DISTANCE * nanos;
  }

  /**
   * Looks.
   *
   * @param patient whether to wait for what may still be going on; not, if somebody waits
   * @param glance whether it is enough, for a while, that the index tells of nothing
   * @return {@link Finding#NOTHING} also as long as it is waited for
   * @throws IOException if there is no database
   */
  Finding look(boolean patient, boolean glance) throws IOException {
    LastLook before = last;
    long time = System.nanoTime();
    if (glance
        && before != null
        && changing == null
        && !counts
        && time - lookedAt < glanceNanos()
        && isStill()) {
      return Finding.NOTHING;
    }
    lookedAt = time;
    LastLook now = LastLook.at(configured, path == null ? configured : path, index);
    if (before == null) {
      requirePresent(now);
      return Finding.COMMITS;
    }
    Finding finding = before.compare(now, follower);
    if (finding == Finding.GONE) {
      changing = now;
      requirePresent(now);
    }
    if (finding == Finding.NOTHING) {
      last = now;
      changing = null;
      noteWhole(now);
      return finding;
    }
    if (finding == Finding.COMMITS) {
      return finding;
    }
    return isOver(now, patient) ? finding : Finding.NOTHING;
  }

  /** The time until the next look, if events tell of what happens before. */
  long restNanos() {
    return counts ? COUNT_NANOS : Math.max(0, glanceNanos() - (System.nanoTime() - lookedAt));
  }

  private long glanceNanos() {
    boolean link = path != null && !path.equals(configured.toAbsolutePath());
    return surely.getAsBoolean() && !link ? RARE_LOOK_NANOS : LOOK_NANOS;
  }

  private boolean isStill() throws IOException {
    return index == null || isAtEnd(index.readOnce());
  }

  private boolean isAtEnd(WalIndex.@Nullable State now) {
    return index != null && now != null && follower.isStillAtEnd(now, index);
  }

  /** Notes whether the file holds all that is captured, after a look that found nothing new. */
  private void noteWhole(LastLook now) {
    FileStamp file = now.database();
    boolean holds = holdsAll(now);
    boolean tells = surely.getAsBoolean();
    whole = tells && holds && file != null && file.isSettledAnywhere() ? file : null;
    counts = holds && whole == null && (tells || index != null);
  }

  /** Whether what is captured is in the file, and in no log that the next commit goes on with. */
  private boolean holdsAll(LastLook now) {
    WalIndex.State state = now.index();
    return index == null
        ? now.isWhole()
        : isAtEnd(state) && state != null && state.writtenBack() >= state.logFrames();
  }

  private boolean isOver(LastLook now, boolean patient) {
    long time = System.nanoTime();
    LastLook former = changing;
    if (former == null) {
      settlingSince = time;
    }
    if (former == null || !former.sameFiles(now)) {
      changing = now;
      changingSince = time;
    }
    boolean settled =
        time - changingSince >= SETTLED_NANOS || time - settlingSince >= PATIENCE_NANOS;
    return settled && (!patient || time >= compareAt);
  }

  private void requirePresent(LastLook now) throws IOException {
    FileStamp file = now.database();
    if (file == null || file.size() == 0) {
      throw new IOException(
          "the database file "
              + configured
              + (file == null ? " is gone" : " is empty")
              + "; what was captured before is kept. Restore it, or put a database in its place:"
              + " Stream goes on from there");
    }
  }

  /** Why what was found is in doubt; null if the log has to tell. */
  static @Nullable String reason(Finding finding) {
    return switch (finding) {
      case REPLACED -> "the database file was replaced by another one";
      case CHANGED ->
          "the database was changed while Stream had let go of it, and no log tells how";
      case NOTHING, COMMITS, GONE -> null;
    };
  }
}
