package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import dev.stream.core.plugin.CodecLookup;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/**
 * Reads an artefact in any order. Whatever it returns has been proven against its checksums.
 *
 * <p>Safe for use by several threads. It holds the index and no pages.
 */
public final class ArtefactReader implements AutoCloseable {

  private final String name;
  private final ByteRangeSource source;
  private final ArtefactHeader header;
  private final List<BlockEntry> blocks;
  private final Codec codec;
  private final long fileChecksum;

  ArtefactReader(
      String name,
      ByteRangeSource source,
      ArtefactHeader header,
      List<BlockEntry> blocks,
      Codec codec,
      long fileChecksum) {
    this.name = name;
    this.source = source;
    this.header = header;
    this.blocks = blocks;
    this.codec = codec;
    this.fileChecksum = fileChecksum;
  }

  /**
   * Reads and proves all but the blocks: header, index, footer and file checksum. One read is
   * enough for an artefact of up to 64 KiB, which then stays in memory; a larger one takes two or
   * three.
   *
   * @param source the bytes; closed by {@link #close}, and here if opening fails
   * @param name what to call the artefact in errors: its key or file
   * @param codecs where to find its codec
   * @throws ArtefactException if it cannot be used, and why
   * @throws IOException if its bytes cannot be read
   */
  public static ArtefactReader open(ByteRangeSource source, String name, CodecLookup codecs)
      throws IOException {
    try {
      return new ArtefactOpening(source, name).open(codecs);
    } catch (IOException | RuntimeException e) {
      try {
        source.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * Reads and proves the header alone, in one read unless it is larger than 4 KiB. Says nothing of
   * the rest; the totals of a snapshot may be open.
   *
   * @param source the bytes; not closed
   * @param name what to call the artefact in errors: its key or file
   * @throws ArtefactException if it cannot be used, and why
   * @throws IOException if its bytes cannot be read
   */
  public static ArtefactHeader readHeader(ByteRangeSource source, String name) throws IOException {
    return new ArtefactOpening(source, name).header();
  }

  /** What the artefact says of itself, with the totals. */
  public ArtefactHeader header() {
    return header;
  }

  /** Checksum of the database as of the artefact's last transaction. */
  public long checksum() {
    return header.checksum();
  }

  /** Number of pages in the artefact. */
  public long pageCount() {
    return header.pageCount();
  }

  /** Checksum of the whole file, as in its footer. */
  public long fileChecksum() {
    return fileChecksum;
  }

  /** Bytes in the file. */
  public long size() {
    return source.size();
  }

  /** All blocks, by ascending page ids. */
  public List<BlockEntry> blocks() {
    return blocks;
  }

  /** The length of the longest block's pages: a target of that size suits every block. */
  public int maxRawLength() {
    int longest = 0;
    for (BlockEntry block : blocks) {
      longest = Math.max(longest, block.rawLength());
    }
    return longest;
  }

  /**
   * Reads the pages of one block, in the order of its {@link BlockEntry#pages}.
   *
   * @param block its index
   * @param target gets {@link BlockEntry#rawLength} bytes from its start on
   * @throws ArtefactException if the block is damaged; what {@code target} holds is undefined then
   * @throws IOException if its bytes cannot be read
   */
  public void readBlock(int block, byte[] target) throws IOException {
    BlockEntry entry = blocks.get(block);
    if (target.length < entry.rawLength()) {
      throw new IllegalArgumentException(
          "block " + block + " has " + entry.rawLength() + " bytes, the target " + target.length);
    }
    byte[] stored = read(entry);
    byte[] pages = unpack(entry, stored, target);
    if (pages != target) {
      System.arraycopy(pages, 0, target, 0, entry.rawLength());
    }
  }

  /**
   * Reads the stored bytes of one block off a run that has come to them.
   *
   * @param stored gets them, {@link BlockEntry#storedLength} bytes from its start on
   * @throws ArtefactException if they are not all there
   * @throws IOException if they cannot be read
   */
  public void fetchBlock(int block, ByteRun run, byte[] stored) throws IOException {
    BlockEntry entry = blocks.get(block);
    try {
      run.read(stored, 0, entry.storedLength());
    } catch (EOFException e) {
      throw notAllThere(entry, e);
    }
  }

  /**
   * Makes pages of the stored bytes of one block, in the order of its {@link BlockEntry#pages}.
   *
   * @param stored the block's bytes, from its start on
   * @param target has room for {@link BlockEntry#rawLength} bytes
   * @return which of the two arrays has the pages, from its start on: a block that is stored as it
   *     is needs no copy
   * @throws ArtefactException if the block is damaged; what {@code target} holds is undefined then
   */
  public byte[] unpackBlock(int block, byte[] stored, byte[] target) throws ArtefactException {
    return unpack(blocks.get(block), stored, target);
  }

  private byte[] unpack(BlockEntry entry, byte[] stored, byte[] target) throws ArtefactException {
    if (Checksums.of(stored, 0, entry.storedLength()) != entry.checksum()) {
      throw ArtefactException.corrupt(name, describe(entry) + " does not match its checksum");
    }
    if (entry.storedLength() == entry.rawLength()) {
      return stored;
    }
    try {
      codec.decompress(stored, 0, entry.storedLength(), target, 0, entry.rawLength());
      return target;
    } catch (IOException | RuntimeException e) {
      ArtefactException failure =
          ArtefactException.corrupt(
              name,
              describe(entry)
                  + " is not what "
                  + codec.description()
                  + " reads: "
                  + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  /**
   * Whether a block holds exactly the given pages, told without reading it: stored as its writer
   * stored them they have the length and the checksum that the index states. Never true if they
   * differ; false, though they are the same, if the codec packs them in another way than its
   * version that wrote them.
   *
   * @param block one of {@link #blocks}
   * @param pages {@link BlockEntry#rawLength} bytes from its start on
   * @param writer the codec with the settings that the header states
   * @throws IOException if the codec failed
   */
  public static boolean holds(BlockEntry block, byte[] pages, Codec writer) throws IOException {
    int length = block.rawLength();
    if (block.storedLength() == length) {
      return Checksums.of(pages, 0, length) == block.checksum();
    }
    byte[] packed = new byte[writer.maxCompressedLength(length)];
    return writer.compress(pages, 0, length, packed, 0) == block.storedLength()
        && Checksums.of(packed, 0, block.storedLength()) == block.checksum();
  }

  /** Closes the source. Repeatable. */
  @Override
  public void close() throws IOException {
    source.close();
  }

  private byte[] read(BlockEntry block) throws IOException {
    try {
      return source.read(block.offset(), block.storedLength());
    } catch (EOFException e) {
      throw notAllThere(block, e);
    }
  }

  private ArtefactException notAllThere(BlockEntry block, EOFException cause) {
    ArtefactException failure =
        ArtefactException.truncated(name, describe(block) + " is not all there");
    failure.initCause(cause);
    return failure;
  }

  private static String describe(BlockEntry block) {
    return "block "
        + block.index()
        + " (bytes "
        + block.offset()
        + " to "
        + (block.offset() + block.storedLength() - 1)
        + ", "
        + block.pages()
        + ")";
  }
}
