package dev.stream.core.artefact;

import dev.stream.core.checksum.PageHash;
import java.io.IOException;

/** Reads all of an artefact in the plainest way, and proves it: of a snapshot, the checksum too. */
public final class WholeReading {

  private WholeReading() {}

  /** Takes pages one after another. */
  @FunctionalInterface
  public interface PageSink {

    /** Takes the page whose bytes are in {@code data} from {@code offset} on, during the call. */
    void page(long id, byte[] data, int offset, int length) throws IOException;
  }

  /**
   * Reads every block.
   *
   * @param sink gets every page, by ascending id
   * @throws ArtefactException if anything is damaged; the sink may have had pages before it
   */
  public static void of(ArtefactReader reader, PageSink sink) throws IOException {
    ArtefactHeader header = reader.header();
    byte[] target = new byte[reader.maxRawLength()];
    long checksum = 0;
    for (BlockEntry block : reader.blocks()) {
      reader.readBlock(block.index(), target);
      for (int page = 0; page < block.pages().pageCount(); page++) {
        long id = block.pages().idAt(page);
        int offset = page * header.pageSize();
        checksum ^= PageHash.of(id, target, offset, header.pageSize());
        sink.page(id, target, offset, header.pageSize());
      }
    }
    if (header.kind() == ArtefactKind.SNAPSHOT && checksum != header.checksum()) {
      throw ArtefactException.corrupt(
          "a snapshot",
          "its pages have the database checksum "
              + Checksums.hex(checksum)
              + " instead of "
              + Checksums.hex(header.checksum()));
    }
  }
}
