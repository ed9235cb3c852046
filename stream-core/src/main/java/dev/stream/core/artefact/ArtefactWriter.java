package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Writes an artefact, to a file or to have its layout, page after page. Blocks are compressed in
 * parallel; the number held in memory is bounded, whatever the size of the database.
 *
 * <p>For use by one thread at a time. After an exception only {@link #close} may be called.
 */
public final class ArtefactWriter implements AutoCloseable {

  private static final int MAX_IN_FLIGHT =
      Math.min(8, Runtime.getRuntime().availableProcessors() + 1);

  private final ArtefactHeader header;
  private final ArtefactOutput output;
  private final BlockPackingPipeline pipeline;
  private final BlockIndexEncoder index = new BlockIndexEncoder();
  private @Nullable BlockJob filling;
  private long size;
  private long lastId;
  private long pageCount;
  private long pagesChecksum;
  private long fileChecksum;
  private boolean usable = true;
  private boolean finished;

  private ArtefactWriter(
      ArtefactHeader header, ArtefactOutput output, Codec codec, Executor executor) {
    this.header = header;
    this.output = output;
    int capacity = blockLength(header);
    boolean hashesPages = header.kind() == ArtefactKind.SNAPSHOT;
    this.pipeline =
        new BlockPackingPipeline(
            executor,
            MAX_IN_FLIGHT,
            () -> new BlockJob(codec, header.pageSize(), capacity, hashesPages),
            this::store);
  }

  /**
   * Begins an artefact.
   *
   * @param file where to write it; replaced if it is there, so this is a staging file
   * @param header what the artefact says of itself; its {@code compression} is the codec's name
   * @param codec compresses the blocks
   * @param executor runs the compression; may be shared, and may refuse, for then this thread does
   *     it
   * @throws IOException if the file cannot be written
   */
  public static ArtefactWriter create(
      Path file, ArtefactHeader header, Codec codec, Executor executor) throws IOException {
    requireSameCodec(header, codec);
    return begin(FileOutput.create(file), header, codec, executor);
  }

  /**
   * Begins an artefact that is not stored.
   *
   * @param layout takes what there is to know of it
   * @param header as in {@link #create(Path, ArtefactHeader, Codec, Executor)}, as is the rest
   */
  public static ArtefactWriter create(
      SnapshotLayoutBuilder layout, ArtefactHeader header, Codec codec, Executor executor)
      throws IOException {
    requireSameCodec(header, codec);
    return begin(layout, header, codec, executor);
  }

  private static void requireSameCodec(ArtefactHeader header, Codec codec) {
    if (!header.compression().equals(codec.name())) {
      throw new IllegalArgumentException(
          "the header says " + header.compression() + ", the codec is " + codec.name());
    }
  }

  private static ArtefactWriter begin(
      ArtefactOutput output, ArtefactHeader header, Codec codec, Executor executor)
      throws IOException {
    try {
      ArtefactWriter writer = new ArtefactWriter(header, output, codec, executor);
      writer.writeHead(encodeHead(header));
      return writer;
    } catch (IOException | RuntimeException e) {
      try {
        output.discard();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * Adds one page; copies its bytes.
   *
   * @param id greater than that of the page before, and at most the high-water mark
   * @param data its remaining bytes are the page; position and limit stay as they are
   * @throws IllegalArgumentException if id or length is wrong
   * @throws IOException if a block could not be compressed or written
   */
  public void addPage(long id, ByteBuffer data) throws IOException {
    if (data.remaining() != header.pageSize()) {
      throw new IllegalArgumentException(
          "page " + id + " has " + data.remaining() + " bytes instead of " + header.pageSize());
    }
    addPages(id, data);
  }

  /**
   * Adds a run of neighbouring pages; copies their bytes.
   *
   * @param firstId id of the first page, as in {@link #addPage}
   * @param data its remaining bytes are one page or more; position and limit stay as they are
   * @throws IllegalArgumentException if an id or the length is wrong
   * @throws IOException if a block could not be compressed or written
   */
  public void addPages(long firstId, ByteBuffer data) throws IOException {
    requireUsable();
    int pages = data.remaining() / header.pageSize();
    if (pages == 0 || data.remaining() != pages * header.pageSize()) {
      throw new IllegalArgumentException(
          data.remaining() + " bytes are not pages of " + header.pageSize());
    }
    if (firstId <= lastId || firstId > header.highWaterMark() - pages + 1) {
      throw new IllegalArgumentException(
          "pages "
              + firstId
              + " to "
              + (firstId + pages - 1)
              + " after page "
              + lastId
              + " in a database of "
              + header.highWaterMark()
              + " pages");
    }
    usable = false;
    for (int i = 0; i < pages; i++) {
      BlockJob block = filling == null ? pipeline.take() : filling;
      int at = block.append(firstId + i, header.pageSize());
      data.get(data.position() + i * header.pageSize(), block.raw(), at, header.pageSize());
      filling = block;
      if (block.isFull()) {
        filling = null;
        pipeline.submit(block);
      }
    }
    lastId = firstId + pages - 1;
    pageCount += pages;
    usable = true;
  }

  /**
   * Writes what is left; a file is durable and closed then.
   *
   * @return the artefact, with its totals
   * @throws IllegalStateException if the header states another number of pages than were added
   * @throws IOException if a file could not be written, or the header states another checksum than
   *     the pages of the snapshot have
   */
  public ArtefactSummary finish() throws IOException {
    requireUsable();
    usable = false;
    if (!header.isOpen() && header.pageCount() != pageCount) {
      throw new IllegalStateException(
          "the header states " + header.pageCount() + " pages, " + pageCount + " were added");
    }
    if (filling != null) {
      pipeline.finish(filling);
      filling = null;
    } else {
      pipeline.drain();
    }
    ArtefactHeader totals = header.withTotals(pageCount, databaseChecksum());
    byte[] indexBytes = index.toBytes();
    long indexChecksum = Checksums.of(indexBytes, 0, indexBytes.length);
    fileChecksum = Checksums.chain(fileChecksum, indexChecksum);
    Footer footer =
        new Footer(
            size,
            indexBytes.length,
            index.blocks(),
            pageCount,
            totals.checksum(),
            indexChecksum,
            fileChecksum);
    byte[] footerBytes = footer.encode();
    output.end(indexBytes, footerBytes);
    size += indexBytes.length + footerBytes.length;
    finished = true;
    return new ArtefactSummary(totals, index.blocks(), size, fileChecksum);
  }

  /** Closes the file, and deletes it if it is not finished. Repeatable. */
  @Override
  public void close() throws IOException {
    if (finished) {
      return;
    }
    usable = false;
    finished = true;
    pipeline.cancel();
    output.discard();
  }

  /** The most blocks that were in memory at once, besides the one being filled. */
  int peakInFlight() {
    return pipeline.peakInFlight();
  }

  /** The most blocks that may be in memory at once, besides the one being filled. */
  static int maxInFlight() {
    return MAX_IN_FLIGHT;
  }

  private static int blockLength(ArtefactHeader header) {
    long pages = ArtefactFormat.TARGET_BLOCK_LENGTH / header.pageSize();
    if (!header.isOpen()) {
      // Most segments are of a few pages: no need for buffers of whole blocks.
      pages = Math.min(pages, Math.max(1, header.pageCount()));
    }
    return Math.toIntExact(pages * header.pageSize());
  }

  private static byte[] encodeHead(ArtefactHeader header) throws IOException {
    byte[] json = HeaderJson.encode(header);
    if (json.length > ArtefactFormat.MAX_HEADER_LENGTH) {
      throw new IOException(
          "a header of "
              + json.length
              + " bytes; the format allows "
              + ArtefactFormat.MAX_HEADER_LENGTH);
    }
    int jsonEnd = ArtefactFormat.PROLOGUE_LENGTH + json.length;
    byte[] head = new byte[jsonEnd + ArtefactFormat.CHECKSUM_LENGTH];
    System.arraycopy(ArtefactFormat.magic(), 0, head, 0, ArtefactFormat.MAGIC_LENGTH);
    ArtefactFormat.putInt(head, ArtefactFormat.MAGIC_LENGTH, ArtefactFormat.VERSION);
    ArtefactFormat.putInt(head, ArtefactFormat.MAGIC_LENGTH + Integer.BYTES, json.length);
    System.arraycopy(json, 0, head, ArtefactFormat.PROLOGUE_LENGTH, json.length);
    ArtefactFormat.putLong(head, jsonEnd, Checksums.of(head, 0, jsonEnd));
    return head;
  }

  private void writeHead(byte[] head) throws IOException {
    output.head(head);
    size += head.length;
    long checksum = ArtefactFormat.getLong(head, head.length - ArtefactFormat.CHECKSUM_LENGTH);
    fileChecksum = Checksums.chain(0, checksum);
  }

  private void store(BlockJob block) throws IOException {
    index.add(block.pages(), block.storedLength(), block.checksum());
    output.block(block.stored(), block.storedLength(), block.checksum());
    size += block.storedLength();
    fileChecksum = Checksums.chain(fileChecksum, block.checksum());
    pagesChecksum ^= block.pagesChecksum();
  }

  private long databaseChecksum() throws IOException {
    if (header.kind() == ArtefactKind.SEGMENT) {
      return header.checksum();
    }
    if (!header.isOpen() && header.checksum() != pagesChecksum) {
      throw new IOException(
          "the pages of the snapshot at transaction "
              + header.txId()
              + " have the checksum "
              + Checksums.hex(pagesChecksum)
              + ", the database should have "
              + Checksums.hex(header.checksum())
              + "; the snapshot was discarded");
    }
    return pagesChecksum;
  }

  private void requireUsable() {
    if (!usable) {
      throw new IllegalStateException(output + " is closed, or failed before");
    }
  }
}
