package dev.stream.core.shadow;

import dev.stream.core.state.GenerationId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an active log; big-endian.
 *
 * <pre>
 * file   = header record*
 * header = magic(8) generation(UTF) parentTxId(8) parentProven(1) parentChecksum(8) pageSize(4)
 *          parentHighWaterMark(8) doubt? crc32c(4)
 * doubt  = sinceMicros(8) reasonLength(4) reason(UTF-8)
 * record = BEGIN(4) firstTxId(8) txId(8) highWaterMark(8) committedAtMicros(8) positionLength(4)
 *          position(UTF-8) frame* COMMIT(4) proven(1) checksum(8) crc32c(4)
 * frame  = FRAME(4) pageId(8) pages(4) data(pages * pageSize)
 * </pre>
 *
 * The last digit of the magic tells whether there is a doubt: then the log is a catch-up, and has
 * one record. A checksum covers everything from the start of its header or record.
 *
 * <p>What follows the last whole record is what a crash or a full disk left, or what the file held
 * when it was another log, and is never read. For the latter the checksum of a record begins with
 * that of the header: no log's records count under the header of another. In the logs of early
 * versions, whose digits are 1 and 2, it does not.
 */
final class LogFormat {

  static final long EARLY = 0x5354524d4c4f4731L; // STRMLOG1
  static final long EARLY_CATCH_UP = 0x5354524d4c4f4732L; // STRMLOG2
  static final long MAGIC = 0x5354524d4c4f4733L; // STRMLOG3
  static final long MAGIC_CATCH_UP = 0x5354524d4c4f4734L; // STRMLOG4
  static final int BEGIN = 0x42454749; // BEGI
  static final int FRAME = 0x46524d45; // FRME
  static final int COMMIT = 0x434d4954; // CMIT
  static final int MAX_POSITION = 1 << 20;
  private static final long NO_SEED = -1;
  private static final int MAX_REASON = 1 << 14;

  /**
   * The state a log builds on; its position is not kept, for the log's records have their own.
   *
   * @param doubt what the log closes if it is a catch-up; else null
   */
  record Header(GenerationId generation, DatabaseState parent, @Nullable Doubt doubt) {}

  /**
   * A header as it stands in a file.
   *
   * @param seed with what the checksums of the file's records begin, as {@link #begin} takes it
   */
  record Opening(Header header, long seed) {}

  private LogFormat() {}

  /** Writes a header; returns with what the checksums of the records after it begin. */
  static long writeHeader(java.io.OutputStream target, Header header) throws IOException {
    CRC32C crc = new CRC32C();
    DataOutputStream out = new DataOutputStream(new CheckedOutputStream(target, crc));
    Doubt doubt = header.doubt();
    out.writeLong(doubt == null ? MAGIC : MAGIC_CATCH_UP);
    out.writeUTF(header.generation().value());
    out.writeLong(header.parent().txId());
    out.writeBoolean(header.parent().proven());
    out.writeLong(header.parent().checksum());
    out.writeInt(header.parent().pageSize());
    out.writeLong(header.parent().highWaterMark());
    if (doubt != null) {
      byte[] reason = doubt.reason().getBytes(StandardCharsets.UTF_8);
      out.writeLong(Micros.of(doubt.since()));
      out.writeInt(reason.length);
      out.write(reason);
    }
    long seed = crc.getValue();
    out.writeInt((int) seed);
    out.flush();
    return seed;
  }

  /** Begins the checksum of a record. */
  static void begin(CRC32C crc, long seed) {
    crc.reset();
    if (seed != NO_SEED) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        crc.update((int) (seed >>> shift));
      }
    }
  }

  /** Reads the header, leaving the stream after it. */
  static Opening readHeader(java.io.InputStream source, Path file) throws IOException {
    CRC32C crc = new CRC32C();
    DataInputStream in = new DataInputStream(new CheckedInputStream(source, crc));
    try {
      long magic = in.readLong();
      boolean early = magic == EARLY || magic == EARLY_CATCH_UP;
      boolean catchUp = magic == MAGIC_CATCH_UP || magic == EARLY_CATCH_UP;
      if (!early && !catchUp && magic != MAGIC) {
        throw new IOException(file + " is not an active log");
      }
      GenerationId generation = new GenerationId(in.readUTF());
      long txId = in.readLong();
      boolean proven = in.readBoolean();
      long checksum = in.readLong();
      int pageSize = in.readInt();
      long highWaterMark = in.readLong();
      Doubt doubt = catchUp ? readDoubt(in) : null;
      long expected = crc.getValue();
      if (in.readInt() != (int) expected || Integer.bitCount(pageSize) != 1) {
        throw new IOException(file + " has a damaged header");
      }
      DatabaseState parent = new DatabaseState(txId, checksum, proven, pageSize, highWaterMark, "");
      return new Opening(new Header(generation, parent, doubt), early ? NO_SEED : expected);
    } catch (EOFException | UTFDataFormatException | IllegalArgumentException e) {
      throw new IOException(file + " has a damaged header", e);
    }
  }

  private static Doubt readDoubt(DataInputStream in) throws IOException {
    Instant since = Micros.instant(in.readLong());
    int length = in.readInt();
    if (length < 0 || length > MAX_REASON) {
      throw new EOFException("a reason of " + length + " bytes");
    }
    byte[] reason = new byte[length];
    in.readFully(reason);
    return new Doubt(new String(reason, StandardCharsets.UTF_8), since);
  }

  static int headerLength(Header header) {
    Doubt doubt = header.doubt();
    int doubtLength =
        doubt == null ? 0 : 8 + 4 + doubt.reason().getBytes(StandardCharsets.UTF_8).length;
    return 8
        + 2
        + header.generation().value().getBytes(StandardCharsets.UTF_8).length
        + 8
        + 1
        + 8
        + 4
        + 8
        + doubtLength
        + 4;
  }
}
