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

  /** Lets go of the image. Repeatable. */
  @Override
  void close() throws IOException;
}
