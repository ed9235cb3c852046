package dev.stream.core.shadow;

import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a table of page hashes; big-endian.
 *
 * <pre>
 * file   = header(4096) hash(8)*
 * header = magic(8) generationLength(4) generation txId(8) checksum(8) pageSize(4) highWaterMark(8)
 *          crc32c(4) zeros
 * </pre>
 *
 * The first hash is that of page 1; those after the end are 0. The header says up to which
 * transaction all is in the file. Some hashes may be of later ones: those of a state are had by
 * setting, in their order, what all later flushes up to it say.
 */
final class TableFormat {

  static final int HEADER = 4096;
  private static final long MAGIC = 0x5354524d48534831L; // STRMHSH1
  private static final int MAX_GENERATION = 64;

  /** Of what a table is; the state's position is not kept. */
  record Header(GenerationId generation, DatabaseState state) {}

  private TableFormat() {}

  static long offset(long firstIndex) {
    return HEADER + firstIndex * Long.BYTES;
  }

  static void write(TableStorage storage, Header header) throws IOException {
    byte[] bytes = new byte[HEADER];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] generation = header.generation().value().getBytes(StandardCharsets.US_ASCII);
    DatabaseState state = header.state();
    buffer.putLong(MAGIC).putInt(generation.length).put(generation);
    buffer.putLong(state.txId()).putLong(state.checksum());
    buffer.putInt(state.pageSize()).putLong(state.highWaterMark());
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, buffer.position());
    buffer.putInt((int) crc.getValue());
    storage.write(0, bytes, HEADER);
  }

  /** Makes the table none until a header is written. */
  static void erase(TableStorage storage) throws IOException {
    storage.setLength(0);
    storage.write(0, new byte[HEADER], HEADER);
  }

  /** The header; null if there is none that is whole. */
  static @Nullable Header read(TableStorage storage) throws IOException {
    byte[] bytes = new byte[HEADER];
    if (storage.read(0, bytes, HEADER) < HEADER) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      if (buffer.getLong() != MAGIC) {
        return null;
      }
      int length = buffer.getInt();
      if (length < 0 || length > MAX_GENERATION) {
        return null;
      }
      byte[] generation = new byte[length];
      buffer.get(generation);
      String id = new String(generation, StandardCharsets.US_ASCII);
      long txId = buffer.getLong();
      long checksum = buffer.getLong();
      int pageSize = buffer.getInt();
      long mark = buffer.getLong();
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, buffer.position());
      if (buffer.getInt() != (int) crc.getValue() || !GenerationId.isGenerationId(id)) {
        return null;
      }
      return new Header(new GenerationId(id), DatabaseState.of(txId, checksum, pageSize, mark, ""));
    } catch (BufferUnderflowException e) {
      return null;
    }
  }
}
