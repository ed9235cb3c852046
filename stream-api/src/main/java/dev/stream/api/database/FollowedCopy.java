package dev.stream.api.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A local copy of a database that is kept current while other processes read it. What readers see
 * is always one whole state, also when this process is killed at any moment.
 *
 * <p>With each state goes a note, which says what state it is. It changes along with the pages, at
 * once: after a kill the note is that of the pages.
 *
 * <p>The file may differ from the captured database where readers need it to, in its header for
 * instance; {@link #read} and {@link #change} speak of pages as captured.
 *
 * <p>For use by one thread at a time, and one process: whoever uses it sees to that.
 */
public interface FollowedCopy extends AutoCloseable {

  /** What came of a change. */
  enum Outcome {
    /** Readers see the new state from now on. */
    CHANGED,
    /** Readers held the copy for as long as it was waited; nothing has changed. */
    BUSY,
    /** Somebody else has written to the copy; nothing was changed by this call. */
    FOREIGN
  }

  /**
   * The note of the state that the copy is in, after undoing what a killed process left half done.
   * Null if there is no copy; if the file is not one; or if somebody else has written to it, as far
   * as that shows in its header.
   *
   * @throws IOException if it cannot be read, or somebody keeps it from being repaired
   */
  @Nullable String note() throws IOException;

  /** Whether a file is there that this never made. */
  boolean isStranger();

  /**
   * Whether what is there can be changed, as of the last {@link #note}. If not, since there is no
   * copy, or a stranger, or a file so damaged that nobody can be reading it, only {@link #begin}
   * may follow.
   */
  boolean isChangeable();

  /**
   * Makes a file the copy's first state: moves it to the copy's place, instead of what is there,
   * unless another process has locked that.
   *
   * @param proven the file, beside the copy; closed
   * @param note what it is to be noted with, a line of text
   */
  void begin(Path proven, String note) throws IOException;

  /**
   * Reads pages as they were captured, into {@code target}, which gets {@code count * pageSize}
   * bytes at its position. Pages beyond the copy's end are zeros.
   *
   * @param pageSize bytes per page, of the state the copy is in
   */
  void read(int pageSize, long firstPageId, int count, ByteBuffer target) throws IOException;

  /**
   * Makes the copy another state, in one step for those who read it.
   *
   * @param pageSize bytes per page of the new state
   * @param highWaterMark size of the new state in pages; what lies beyond is gone
   * @param changes the pages to be written; may be asked for more than once. Bytes that none of
   *     them covers stay as they are, whatever the page size was, and are zeros where there were
   *     none
   * @param note the new state's note, a line of text
   * @param patience how long to wait for readers; new ones are kept waiting meanwhile
   * @throws IOException if it failed; the copy is then in the old state, or in the new one, as
   *     {@link #note} tells
   */
  Outcome change(
      int pageSize, long highWaterMark, PageFrames changes, String note, Duration patience)
      throws IOException;

  /** Lets go of the copy, which stays as it is. Repeatable. */
  @Override
  void close() throws IOException;
}
