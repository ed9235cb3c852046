package dev.stream.source.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The database header (SQLite file format, section 1.3 "The Database Header"), as far as Stream
 * needs it.
 *
 * @param pageSize bytes per page
 * @param pageCount size of the database in pages
 * @param walMode whether the file says that it is in WAL mode
 */
record SqliteHeader(int pageSize, long pageCount, boolean walMode) {

  static final int BYTES = 100;

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** The page that holds the bytes SQLite locks; it never holds data. */
  static long lockPage(int pageSize) {
    return 0x40000000L / pageSize + 1;
  }

  /** The file change counter of a first page (section 1.3.6), unsigned. */
  static long changeCounter(ByteBuffer page) {
    return Integer.toUnsignedLong(page.getInt(24));
  }

  /**
   * Whether a file begins as a SQLite database does. Not while this process has it open through
   * SQLite, whose locks would be gone when this has closed it.
   */
  static boolean isMarked(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return isMarked(in.readNBytes(MAGIC.length));
    }
  }

  private static boolean isMarked(byte[] beginning) {
    return beginning.length >= MAGIC.length
        && Arrays.equals(beginning, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  static SqliteHeader parse(Path path, byte[] bytes, long fileSize) throws IOException {
    if (!isMarked(bytes)) {
      throw new IOException(
          path
              + " is not a SQLite database, or it is encrypted: it does not begin with \"SQLite"
              + " format 3\". Stream copies plain SQLite files only; nothing was changed.");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int pageSize = Short.toUnsignedInt(header.getShort(16));
    if (pageSize == 1) {
      pageSize = 65536;
    }
    if (Integer.bitCount(pageSize) != 1 || pageSize < 512) {
      throw new IOException(
          path + " has a damaged SQLite header: its page size reads " + pageSize + ".");
    }
    // The count in the header holds only if the last writer knew of it (section 1.3.8).
    long pages = Integer.toUnsignedLong(header.getInt(28));
    if (pages == 0 || header.getInt(24) != header.getInt(92)) {
      pages = (fileSize + pageSize - 1) / pageSize;
    }
    return new SqliteHeader(pageSize, pages, bytes[18] == 2 && bytes[19] == 2);
  }
}
