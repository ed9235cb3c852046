package dev.stream.core.artefact;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the index of blocks; trusts no number in it. */
final class BlockIndexDecoder {

  private final byte[] bytes;
  private final ArtefactHeader header;
  private final String artefact;
  private int at;
  private long lastId;

  BlockIndexDecoder(byte[] bytes, ArtefactHeader header, String artefact) {
    this.bytes = bytes;
    this.header = header;
    this.artefact = artefact;
  }

  /**
   * All blocks.
   *
   * @param firstOffset where the first block begins
   */
  List<BlockEntry> decode(Footer footer, long firstOffset) throws ArtefactException {
    List<BlockEntry> blocks = new ArrayList<>((int) footer.blockCount());
    long offset = firstOffset;
    long pageCount = 0;
    for (int index = 0; index < footer.blockCount(); index++) {
      BlockEntry block = block(index, offset);
      blocks.add(block);
      pageCount += block.pages().pageCount();
      offset += block.storedLength();
      if (offset > footer.indexOffset()) {
        throw corrupt("block " + index + " reaches into the index");
      }
    }
    if (at != bytes.length || offset != footer.indexOffset() || pageCount != footer.pageCount()) {
      throw corrupt("blocks, index and footer do not add up");
    }
    return Collections.unmodifiableList(blocks);
  }

  private BlockEntry block(int index, long offset) throws ArtefactException {
    int maxPages = ArtefactFormat.MAX_BLOCK_LENGTH / header.pageSize();
    int runs = (int) varint(1, maxPages, "number of runs");
    PageRuns.Builder pages = new PageRuns.Builder(Math.min(runs, (bytes.length - at) / 2 + 1));
    int pageCount = 0;
    for (int run = 0; run < runs; run++) {
      long gap = varint(run == 0 ? 0 : 1, header.highWaterMark(), "gap");
      int length = (int) varint(1, maxPages - pageCount, "number of pages");
      if (gap > header.highWaterMark() - lastId - length) {
        throw corrupt("block " + index + " has pages beyond " + header.highWaterMark());
      }
      pages.add(lastId + gap + 1, length);
      pageCount += length;
      lastId += gap + length;
    }
    int rawLength = pageCount * header.pageSize();
    int storedLength = (int) varint(1, rawLength, "stored length");
    if (bytes.length - at < ArtefactFormat.CHECKSUM_LENGTH) {
      throw corrupt("the index ends early");
    }
    long checksum = ArtefactFormat.getLong(bytes, at);
    at += ArtefactFormat.CHECKSUM_LENGTH;
    return new BlockEntry(index, offset, storedLength, rawLength, checksum, pages.build());
  }

  private long varint(long least, long most, String what) throws ArtefactException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (at == bytes.length) {
        throw corrupt("the index ends early");
      }
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        if (value < least || value > most) {
          throw corrupt("a " + what + " of " + value + " in the index");
        }
        return value;
      }
    }
    throw corrupt("a " + what + " in the index has no end");
  }

  private ArtefactException corrupt(String what) {
    return ArtefactException.corrupt(artefact, what);
  }
}
