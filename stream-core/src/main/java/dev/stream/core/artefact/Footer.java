package dev.stream.core.artefact;

import java.util.Arrays;

/** The last {@value ArtefactFormat#FOOTER_LENGTH} bytes of an artefact. */
record Footer(
    long indexOffset,
    long indexLength,
    long blockCount,
    long pageCount,
    long databaseChecksum,
    long indexChecksum,
    long fileChecksum) {

  private static final int CHECKSUM_AT = 56;
  private static final int END_MAGIC_AT = 64;

  byte[] encode() {
    byte[] bytes = new byte[ArtefactFormat.FOOTER_LENGTH];
    long[] fields = {
      indexOffset, indexLength, blockCount, pageCount, databaseChecksum, indexChecksum, fileChecksum
    };
    for (int i = 0; i < fields.length; i++) {
      ArtefactFormat.putLong(bytes, i * Long.BYTES, fields[i]);
    }
    ArtefactFormat.putLong(bytes, CHECKSUM_AT, Checksums.of(bytes, 0, CHECKSUM_AT));
    System.arraycopy(
        ArtefactFormat.endMagic(), 0, bytes, END_MAGIC_AT, ArtefactFormat.MAGIC_LENGTH);
    return bytes;
  }

  /**
   * Reads the footer of a file.
   *
   * @param bytes the last bytes of the file
   * @param size bytes of the whole file
   */
  static Footer decode(byte[] bytes, long size, String artefact) throws ArtefactException {
    boolean ends =
        Arrays.equals(
            bytes,
            END_MAGIC_AT,
            bytes.length,
            ArtefactFormat.endMagic(),
            0,
            ArtefactFormat.MAGIC_LENGTH);
    boolean sound =
        ArtefactFormat.getLong(bytes, CHECKSUM_AT) == Checksums.of(bytes, 0, CHECKSUM_AT);
    if (!ends && !sound) {
      throw ArtefactException.truncated(
          artefact, "its " + size + " bytes do not end with a footer");
    }
    if (!ends || !sound) {
      throw ArtefactException.corrupt(artefact, "the footer does not match its checksum");
    }
    Footer footer =
        new Footer(
            ArtefactFormat.getLong(bytes, 0),
            ArtefactFormat.getLong(bytes, 8),
            ArtefactFormat.getLong(bytes, 16),
            ArtefactFormat.getLong(bytes, 24),
            ArtefactFormat.getLong(bytes, 32),
            ArtefactFormat.getLong(bytes, 40),
            ArtefactFormat.getLong(bytes, 48));
    footer.checkAgainst(size, artefact);
    return footer;
  }

  private void checkAgainst(long size, String artefact) throws ArtefactException {
    long indexEnd = size - ArtefactFormat.FOOTER_LENGTH;
    if (indexLength < 0
        || indexLength > ArtefactFormat.MAX_INDEX_LENGTH
        || indexLength > indexEnd
        || indexOffset != indexEnd - indexLength) {
      throw ArtefactException.corrupt(
          artefact,
          "the footer tells of an index of "
              + indexLength
              + " bytes at "
              + indexOffset
              + ", which does not end where the footer begins, at "
              + indexEnd
              + " (bytes are missing, or were added)");
    }
    if (blockCount < 0 || blockCount > indexLength / ArtefactFormat.MIN_INDEX_ENTRY_LENGTH) {
      throw ArtefactException.corrupt(
          artefact, blockCount + " blocks do not fit an index of " + indexLength + " bytes");
    }
  }
}
