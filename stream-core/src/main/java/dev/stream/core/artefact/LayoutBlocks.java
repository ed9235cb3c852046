package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Makes blocks of a snapshot again, and proves that they are the same. For one thread. */
public final class LayoutBlocks {

  /** Where the pages are. */
  public interface Pages {
    /** Reads as {@link dev.stream.api.database.DatabaseImage#read}. */
    void read(long firstId, int count, ByteBuffer target) throws IOException;
  }

  private final SnapshotLayout layout;
  private final Codec codec;
  private final BlockJob job;

  /** Blocks of a layout, by the codec that it was made with. */
  public LayoutBlocks(SnapshotLayout layout, Codec codec) {
    this.layout = layout;
    this.codec = codec;
    int pageSize = layout.header().pageSize();
    this.job = new BlockJob(codec, pageSize, layout.pagesPerBlock() * pageSize, false);
  }

  /**
   * Makes a block.
   *
   * @return its stored bytes, until the next one is made
   * @throws IOException if the pages cannot be read, or do not give the same block
   */
  public ByteBuffer make(int block, Pages pages) throws IOException {
    int pageSize = layout.header().pageSize();
    int count = layout.pages(block);
    long first = layout.firstPage(block);
    int at = job.reset().append(first, count * pageSize);
    pages.read(first, count, ByteBuffer.wrap(job.raw(), at, count * pageSize));
    BlockJob made = job.call();
    if (made.storedLength() != layout.blockLength(block)
        || made.checksum() != layout.blockChecksum(block)) {
      throw new IOException(
          "block "
              + block
              + " of the snapshot at transaction "
              + layout.header().txId()
              + " is not what it was when the snapshot was measured: "
              + codec.description()
              + " packed the same pages otherwise, or the source's image has changed");
    }
    return ByteBuffer.wrap(made.stored(), 0, made.storedLength()).asReadOnlyBuffer();
  }
}
