package dev.stream.source.sqlite;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The database header as it stands in a followed copy, and as it was captured. They differ in what
 * tells readers how to lock (the copy is in rollback mode, so that it can be read without {@code
 * -wal} and {@code -shm}) and that their caches are out of date.
 */
final class CopyHeader {

  private static final int WRITE_VERSION = 18;
  private static final int READ_VERSION = 19;
  private static final int CHANGE_COUNTER = 24;
  private static final int SIZE_IN_PAGES = 28;
  private static final int VERSION_VALID_FOR = 92;
  private static final byte ROLLBACK_MODE = 1;
  private static final byte WAL_MODE = 2;

  private CopyHeader() {}

  /**
   * The header for readers.
   *
   * @param captured the header as captured
   * @param counter the change counter to be seen
   */
  static byte[] shown(byte[] captured, int counter, long highWaterMark) {
    byte[] shown = Arrays.copyOf(captured, SqliteHeader.BYTES);
    ByteBuffer fields = ByteBuffer.wrap(shown);
    shown[WRITE_VERSION] = ROLLBACK_MODE;
    shown[READ_VERSION] = ROLLBACK_MODE;
    if (fields.getInt(CHANGE_COUNTER) != fields.getInt(VERSION_VALID_FOR)) {
      // SQLite did not believe the size that stands there; it will, once the counters agree.
      fields.putInt(SIZE_IN_PAGES, (int) highWaterMark);
    }
    fields.putInt(CHANGE_COUNTER, counter);
    fields.putInt(VERSION_VALID_FOR, counter);
    return shown;
  }

  /** The change counter of a header; 0 if there is none, since the file is empty. */
  static int counter(byte[] header) {
    return header.length < SqliteHeader.BYTES ? 0 : ByteBuffer.wrap(header).getInt(CHANGE_COUNTER);
  }

  static boolean inWalMode(byte[] header) {
    return header.length == SqliteHeader.BYTES
        && header[WRITE_VERSION] == WAL_MODE
        && header[READ_VERSION] == WAL_MODE;
  }
}
