package dev.stream.core.shadow;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the valid prefix of an active log, record by record, in memory that does not grow with it.
 * For use by one thread.
 */
public final class LogReader implements AutoCloseable {

  /** Takes the pages of a record. Its pages count only once {@link #next} has returned it. */
  @FunctionalInterface
  public interface Pages {
    /**
     * Takes one page, which starts at {@code fileOffset} of the log and {@code at} of the array.
     */
    void page(long id, long fileOffset, byte[] data, int at, int length);
  }

  private final Path file;
  private final InputStream in;
  private final LogFormat.Header header;
  private final long seed;
  private final CRC32C crc = new CRC32C();
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private long offset;
  private DatabaseState state;

  private LogReader(Path file, InputStream in, LogFormat.Opening opening) {
    this.file = file;
    this.in = in;
    this.header = opening.header();
    this.seed = opening.seed();
    this.offset = LogFormat.headerLength(header);
    this.state = header.parent();
    this.bytes = new byte[Math.max(header.parent().pageSize(), 64)];
    this.buffer = ByteBuffer.wrap(bytes);
  }

  /**
   * Opens a log.
   *
   * @throws IOException if its header is not whole, which is what a crash at its creation leaves
   */
  public static LogReader open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()), 256 << 10);
    try {
      return new LogReader(file, in, LogFormat.readHeader(in, file));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  LogFormat.Header header() {
    return header;
  }

  /** The state after the record read last; at first that on which the log builds. */
  public DatabaseState state() {
    return state;
  }

  /** The next record, or null at the end of the valid prefix. */
  public @Nullable LogRecord next(Pages pages) throws IOException {
    long start = offset;
    LogFormat.begin(crc, seed);
    try {
      if (take(40).getInt() != LogFormat.BEGIN) {
        return null;
      }
      long firstTxId = buffer.getLong();
      long txId = buffer.getLong();
      long highWaterMark = buffer.getLong();
      long micros = buffer.getLong();
      int length = buffer.getInt();
      if (firstTxId != state.txId() + 1 || txId < firstTxId || highWaterMark < 0) {
        return null;
      }
      if (length < 0 || length > LogFormat.MAX_POSITION) {
        return null;
      }
      byte[] position = new byte[length];
      take(position, length);
      return frames(start, firstTxId, txId, highWaterMark, micros, position, pages);
    } catch (EOFException e) {
      return null;
    }
  }

  private @Nullable LogRecord frames(
      long start,
      long firstTxId,
      long txId,
      long highWaterMark,
      long micros,
      byte[] position,
      Pages pages)
      throws IOException {
    int pageSize = header.parent().pageSize();
    while (true) {
      int kind = take(4).getInt();
      if (kind == LogFormat.COMMIT) {
        break;
      }
      if (kind != LogFormat.FRAME) {
        return null;
      }
      take(12);
      long id = buffer.getLong();
      int count = buffer.getInt();
      if (id < 1 || id > highWaterMark || count < 1 || count > highWaterMark - id + 1) {
        return null;
      }
      for (int i = 0; i < count; i++) {
        long at = offset;
        take(bytes, pageSize);
        pages.page(id + i, at, bytes, 0, pageSize);
      }
    }
    take(9);
    boolean proven = buffer.get() == 1;
    long checksum = buffer.getLong();
    int expected = (int) crc.getValue();
    if (take(4).getInt() != expected) {
      return null;
    }
    state =
        new DatabaseState(
            txId,
            checksum,
            proven,
            pageSize,
            highWaterMark,
            new String(position, StandardCharsets.UTF_8));
    return new LogRecord(firstTxId, state, Micros.instant(micros), start, offset);
  }

  private ByteBuffer take(int length) throws IOException {
    take(bytes, length);
    return buffer.clear().limit(length);
  }

  private void take(byte[] target, int length) throws IOException {
    if (in.readNBytes(target, 0, length) < length) {
      throw new EOFException(file + " ends within a record");
    }
    crc.update(target, 0, length);
    offset += length;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
