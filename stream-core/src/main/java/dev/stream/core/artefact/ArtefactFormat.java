package dev.stream.core.artefact;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The constants of the format; docs/FORMAT.md explains them. */
final class ArtefactFormat {

  static final int VERSION = 1;
  static final int OLDEST_VERSION = 1;

  /** The byte above 127 and the line ends show up transfers that mangle text. */
  private static final byte[] MAGIC = {(byte) 0x89, 'S', 'T', 'R', 'M', '\r', '\n', 0x1A};

  private static final byte[] END_MAGIC = {'S', 'T', 'R', 'M', '-', 'E', 'N', 'D'};

  static final int MAGIC_LENGTH = 8;

  /** Magic, version and length of the header. */
  static final int PROLOGUE_LENGTH = 16;

  static final int CHECKSUM_LENGTH = 8;
  static final int FOOTER_LENGTH = 72;
  static final int MIN_LENGTH = PROLOGUE_LENGTH + CHECKSUM_LENGTH + FOOTER_LENGTH;

  /** What a writer packs into a block, if a page is not larger. */
  static final int TARGET_BLOCK_LENGTH = 256 * 1024;

  /** What a reader must be ready to hold, and so what it refuses to go beyond. */
  static final int MAX_BLOCK_LENGTH = 1024 * 1024;

  static final int MAX_HEADER_LENGTH = 1024 * 1024;
  static final int MAX_INDEX_LENGTH = 512 * 1024 * 1024;

  /** Run count, gap, run length, stored length and checksum. */
  static final int MIN_INDEX_ENTRY_LENGTH = 12;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private ArtefactFormat() {}

  static byte[] magic() {
    return MAGIC.clone();
  }

  static byte[] endMagic() {
    return END_MAGIC.clone();
  }

  static long getLong(byte[] data, int at) {
    return (long) LONG.get(data, at);
  }

  static void putLong(byte[] data, int at, long value) {
    LONG.set(data, at, value);
  }

  static int getInt(byte[] data, int at) {
    return (int) INT.get(data, at);
  }

  static void putInt(byte[] data, int at, int value) {
    INT.set(data, at, value);
  }
}
