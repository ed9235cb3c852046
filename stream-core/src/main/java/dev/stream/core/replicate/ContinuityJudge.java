package dev.stream.core.replicate;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.PageFlush;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LastFlush;
import dev.stream.core.shadow.PageHashTable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Judges whether what a source hands over goes on from what was captured last. */
final class ContinuityJudge {

  private static final long MAX_PAGE_ID = (1L << 32) - 1;

  private ContinuityJudge() {}

  /**
   * Refuses a flush that does not follow the last state.
   *
   * @throws IOException saying what does not fit
   */
  static void requireNext(@Nullable DatabaseState last, PageFlush flush) throws IOException {
    if (last == null) {
      throw new IOException("the source handed over transactions before a base");
    }
    if (flush.firstTxId() != last.txId() + 1) {
      throw new IOException(
          "the source handed over transactions "
              + flush.firstTxId()
              + " to "
              + flush.txId()
              + ", though "
              + last.txId()
              + " was the last one taken");
    }
    if (flush.pageSize() != last.pageSize() || flush.highWaterMark() > MAX_PAGE_ID) {
      throw new IOException(
          "the source handed over "
              + flush.highWaterMark()
              + " pages of "
              + flush.pageSize()
              + " bytes; the generation has pages of "
              + last.pageSize());
    }
  }

  /** Why a new generation is due; null if the base goes on from the last state. */
  static @Nullable String doubt(DatabaseState last, DatabaseState base, Continuity continuity) {
    boolean sameShape =
        base.pageSize() == last.pageSize() && base.highWaterMark() == last.highWaterMark();
    boolean sameContent = last.proven() && sameShape && base.checksum() == last.checksum();
    if (!continuity.proven()) {
      return sameContent && base.txId() >= last.txId() ? null : continuity.reason();
    }
    if (base.txId() != last.txId()) {
      return "the source's image is of transaction "
          + base.txId()
          + ", though "
          + last.txId()
          + " was the last one it handed over";
    }
    if (last.proven() ? !sameContent : !sameShape) {
      return "the database is not what was captured up to transaction "
          + last.txId()
          + ", though the source saw no gap ("
          + continuity.reason()
          + ")";
    }
    return null;
  }

  /** How a generation goes on with a base that is no reason for doubt. */
  static String how(Continuity continuity) {
    return continuity.proven()
        ? "resumed: " + continuity.reason()
        : "resumed: the database's content is what was captured last, though "
            + continuity.reason();
  }

  /**
   * Whether a base that the source could not prove is the last state, but for a part of the flush
   * that led to it, as a process leaves it that was killed between the shadow log and the file.
   *
   * @param flush the last one of a former process, if nothing was captured since; null if unknown
   */
  static boolean lacks(
      @Nullable LastFlush flush,
      DatabaseState last,
      DatabaseState base,
      PageHashTable content,
      Continuity continuity) {
    return flush != null
        && !continuity.proven()
        && flush.after().equals(last)
        && base.pageSize() == last.pageSize()
        && base.txId() > last.txId()
        && flush.explains(content, base.highWaterMark());
  }

  /** How a generation goes on with a base that {@link #lacks} a part of the last flush. */
  static String howWithout(DatabaseState last, Continuity continuity) {
    return "resumed: the database lacks transaction "
        + last.txId()
        + " or a part of it, the last one in the shadow log, as after a kill in the middle of its"
        + " commit; nothing else differs, and what it holds instead is captured, though "
        + continuity.reason();
  }
}
