package dev.stream.api.database;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A pinned, consistent image of a database as of one transaction. Writers go on meanwhile; holding
 * it may cost the database space, so close it soon. For use by one thread at a time.
 */
public interface DatabaseImage extends AutoCloseable {

  /** The last transaction in the image. */
  long txId();

  /** Bytes per page. */
  int pageSize();

  /** Size of the database in pages; also the last page id. */
  long highWaterMark();

  /**
   * The token with which the source resumes after {@link #txId}; not empty, or the next start
   * begins anew.
   */
  String position();

  /**
   * Reads pages into {@code target}, which gets {@code count * pageSize} bytes at its position.
   * Repeatable: the same page always reads the same.
   *
   * @param firstPageId from 1; {@code firstPageId + count - 1} is at most the high-water mark
   * @throws ImageGivenUpException if the source had to let go of the image; take another one
   * @throws IOException if the pages cannot be read
   */
  void read(long firstPageId, int count, ByteBuffer target) throws IOException;

  /** What an image has to do with the database of an earlier signature. */
  enum Relation {
    /**
     * It may well be a later state of that database, such as after an operation that rewrites all
     * pages ({@code VACUUM}); an unrelated database hardly passes for it.
     */
    LATER,
    /** It is no later state of that database. */
    OTHER,
    /** The signatures do not tell. */
    UNKNOWN
  }

  /**
   * A short text without line breaks by which {@link #relationTo} knows the database again though
   * none of its pages is what it was.
   *
   * @return the signature; empty if the source has none, or cannot tell it now
   * @throws ImageGivenUpException if the source had to let go of the image
   */
  default String signature() throws IOException {
    return "";
  }

  /**
   * What the image has to do with the database of a signature. Asked where no page is what it was.
   *
   * @param signature what {@link #signature} or {@link PageFlushObserver#onSignature} told before
   * @throws ImageGivenUpException if the source had to let go of the image
   */
  default Relation relationTo(String signature) throws IOException {
    return Relation.UNKNOWN;
  }

  /**
   * How much disk space the source uses by now only so that the image stays as it is, such as a log
   * that cannot be shortened.
   *
   * <p>Whoever holds an image for longer than it takes to read it once asks this many times a
   * second, which must be cheap. From the first time on the source knows it: such an image has to
   * give way whenever it does harm, however often that happens.
   *
   * @return bytes; 0 if the source cannot tell
   * @throws ImageGivenUpException if the source had to let go of the image
   */
  default long heldBytes() throws IOException {
    return 0;
  }

  /** Lets go of the image. Repeatable. */
  @Override
  void close() throws IOException;
}
