package dev.stream.core.artefact;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** An artefact taken apart and put together with checksums that match, whatever is in it. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Forgery(byte[] head, byte[] json, byte[] blocks, byte[] index, Footer footer) {

  static Forgery of(byte[] artefact) throws ArtefactException {
    int footerAt = artefact.length - ArtefactFormat.FOOTER_LENGTH;
    Footer footer =
        Footer.decode(
            Arrays.copyOfRange(artefact, footerAt, artefact.length), artefact.length, "intact");
    int jsonEnd = ArtefactFormat.PROLOGUE_LENGTH + ArtefactFormat.getInt(artefact, 12);
    int indexAt = (int) footer.indexOffset();
    return new Forgery(
        Arrays.copyOf(artefact, ArtefactFormat.PROLOGUE_LENGTH),
        Arrays.copyOfRange(artefact, ArtefactFormat.PROLOGUE_LENGTH, jsonEnd),
        Arrays.copyOfRange(artefact, jsonEnd + 8, indexAt),
        Arrays.copyOfRange(artefact, indexAt, footerAt),
        footer);
  }

  /** The artefact with one of the footer's seven numbers replaced. */
  static byte[] footerField(byte[] artefact, int field, long value) {
    byte[] forged = artefact.clone();
    int footerAt = artefact.length - ArtefactFormat.FOOTER_LENGTH;
    ArtefactFormat.putLong(forged, footerAt + field * 8, value);
    ArtefactFormat.putLong(forged, footerAt + 56, Checksums.of(forged, footerAt, 56));
    return forged;
  }

  Forgery withJson(byte[] other) {
    return new Forgery(head, other, blocks, index, footer);
  }

  Forgery withIndex(byte[] other) {
    return new Forgery(head, json, blocks, other, footer);
  }

  /**
   * All sections in order. The checksum of the file counts what the index says of the blocks, as
   * far as that can be read.
   */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] begin = head.clone();
    ArtefactFormat.putInt(begin, 12, json.length);
    out.writeBytes(begin);
    out.writeBytes(json);
    byte[] checksum = new byte[8];
    long headerChecksum = Checksums.of(out.toByteArray(), 0, out.size());
    ArtefactFormat.putLong(checksum, 0, headerChecksum);
    out.writeBytes(checksum);
    int firstOffset = out.size();
    out.writeBytes(blocks);
    int indexAt = out.size();
    out.writeBytes(index);
    long indexChecksum = Checksums.of(index, 0, index.length);
    Footer unchained =
        new Footer(
            indexAt,
            index.length,
            footer.blockCount(),
            footer.pageCount(),
            footer.databaseChecksum(),
            indexChecksum,
            0);
    long file = Checksums.chain(0, headerChecksum);
    try {
      ArtefactHeader header = HeaderJson.decode(json, 0, json.length, "forged");
      for (BlockEntry block :
          new BlockIndexDecoder(index, header, "forged").decode(unchained, firstOffset)) {
        file = Checksums.chain(file, block.checksum());
      }
    } catch (ArtefactException unreadable) {
      // The reader will find so too, before it compares the checksum of the file.
      file = 0;
    }
    out.writeBytes(
        new Footer(
                indexAt,
                index.length,
                footer.blockCount(),
                footer.pageCount(),
                footer.databaseChecksum(),
                indexChecksum,
                Checksums.chain(file, indexChecksum))
            .encode());
    return out.toByteArray();
  }
}
