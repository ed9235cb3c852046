package dev.stream.core.capture;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.PageFlush;
import dev.stream.core.shadow.DatabaseState;
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

  /** Why a catch-up or a new generation is due; null if the base goes on from the last state. */
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

  /** How a generation goes on with what differs. */
  static String howDiffering(String doubt) {
    return "resumed: what differs from the state captured last is captured as one, since " + doubt;
  }

  /** How a generation goes on with a base that is no reason for doubt. */
  static String how(Continuity continuity) {
    return continuity.proven()
        ? "resumed: " + continuity.reason()
        : "resumed: the database's content is what was captured last, though "
            + continuity.reason();
  }
}
