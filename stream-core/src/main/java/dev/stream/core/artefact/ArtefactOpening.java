package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import dev.stream.core.artefact.ArtefactException.Problem;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginKind;
import dev.stream.core.plugin.PublishedPlugins;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Opens one artefact: from what kind of file it is to its last checksum before the blocks. */
final class ArtefactOpening {

  private static final int TAIL_LENGTH = 64 * 1024;

  /** Which part of the memory an index may take; decoded it takes several times its length. */
  private static final int INDEX_SHARE = 16;

  private static final int HEAD_LENGTH = 4 * 1024;

  private final ByteRangeSource source;
  private final String name;

  ArtefactOpening(ByteRangeSource source, String name) {
    this.source = source;
    this.name = name;
  }

  ArtefactReader open(CodecLookup codecs) throws IOException {
    try {
      return openFrom(TailCache.of(source, TAIL_LENGTH), codecs);
    } catch (EOFException e) {
      throw fewerBytes(e);
    }
  }

  /** The header alone, as it states itself, so that a snapshot's totals may be open. */
  ArtefactHeader header() throws IOException {
    try {
      byte[] head = source.read(0, (int) Math.min(source.size(), HEAD_LENGTH));
      checkMagic(head);
      checkVersion(head);
      int jsonLength = jsonLength(head);
      head = header(source, head, jsonLength, source.size());
      return HeaderJson.decode(head, ArtefactFormat.PROLOGUE_LENGTH, jsonLength, name);
    } catch (EOFException e) {
      throw fewerBytes(e);
    }
  }

  private ArtefactException fewerBytes(EOFException e) {
    ArtefactException failure =
        ArtefactException.truncated(name, "it has fewer bytes than it was listed with");
    failure.initCause(e);
    return failure;
  }

  private ArtefactReader openFrom(TailCache bytes, CodecLookup codecs) throws IOException {
    long size = bytes.size();
    byte[] head = bytes.read(0, (int) Math.min(size, HEAD_LENGTH));
    checkMagic(head);
    checkVersion(head);
    if (size < ArtefactFormat.MIN_LENGTH) {
      throw ArtefactException.truncated(name, size + " bytes hold no whole artefact");
    }
    Footer footer =
        Footer.decode(
            bytes.read(size - ArtefactFormat.FOOTER_LENGTH, ArtefactFormat.FOOTER_LENGTH),
            size,
            name);
    int jsonLength = jsonLength(head);
    head = header(bytes, head, jsonLength, footer.indexOffset());
    int jsonEnd = ArtefactFormat.PROLOGUE_LENGTH + jsonLength;
    long headerChecksum = ArtefactFormat.getLong(head, jsonEnd);
    ArtefactHeader header =
        totals(HeaderJson.decode(head, ArtefactFormat.PROLOGUE_LENGTH, jsonLength, name), footer);
    List<BlockEntry> blocks =
        blocks(bytes, header, footer, jsonEnd + ArtefactFormat.CHECKSUM_LENGTH);
    checkFile(headerChecksum, blocks, footer);
    return new ArtefactReader(
        name, bytes.settle(), header, blocks, codec(header, codecs), footer.fileChecksum());
  }

  private static int jsonLength(byte[] head) {
    return ArtefactFormat.getInt(head, ArtefactFormat.MAGIC_LENGTH + Integer.BYTES);
  }

  /** The bytes up to the header's checksum at least, which they match. */
  private byte[] header(ByteRangeSource bytes, byte[] head, int jsonLength, long limit)
      throws IOException {
    int jsonEnd = ArtefactFormat.PROLOGUE_LENGTH + jsonLength;
    long headerEnd = (long) jsonEnd + ArtefactFormat.CHECKSUM_LENGTH;
    if (jsonLength < 0 || jsonLength > ArtefactFormat.MAX_HEADER_LENGTH || headerEnd > limit) {
      throw ArtefactException.corrupt(name, "a header of " + jsonLength + " bytes");
    }
    byte[] whole = headerEnd > head.length ? bytes.read(0, (int) headerEnd) : head;
    if (Checksums.of(whole, 0, jsonEnd) != ArtefactFormat.getLong(whole, jsonEnd)) {
      throw ArtefactException.corrupt(name, "the header does not match its checksum");
    }
    return whole;
  }

  private void checkMagic(byte[] head) throws ArtefactException {
    int length = Math.min(head.length, ArtefactFormat.MAGIC_LENGTH);
    if (!Arrays.equals(head, 0, length, ArtefactFormat.magic(), 0, length)) {
      throw new ArtefactException(
          Problem.NOT_AN_ARTEFACT,
          name,
          "not a snapshot or segment of Stream: it begins with other bytes. Nothing of it was"
              + " used; if Stream did write it, its first bytes are damaged");
    }
    if (head.length < ArtefactFormat.PROLOGUE_LENGTH) {
      throw ArtefactException.truncated(name, head.length + " bytes hold no whole artefact");
    }
  }

  private void checkVersion(byte[] head) throws ArtefactException {
    int version = ArtefactFormat.getInt(head, ArtefactFormat.MAGIC_LENGTH);
    if (Integer.compareUnsigned(version, ArtefactFormat.VERSION) > 0) {
      throw new ArtefactException(
          Problem.TOO_NEW,
          name,
          "has format version "
              + Integer.toUnsignedString(version)
              + "; this Stream reads up to "
              + ArtefactFormat.VERSION
              + ". Nothing of it was used; update Stream to read it");
    }
    if (version < ArtefactFormat.OLDEST_VERSION) {
      throw new ArtefactException(
          Problem.TOO_OLD,
          name,
          "has format version "
              + version
              + "; this Stream reads from "
              + ArtefactFormat.OLDEST_VERSION
              + " on. Nothing of it was used; read it with an older Stream");
    }
  }

  /** The footer's totals are the truth; a header that states them too must agree. */
  private ArtefactHeader totals(ArtefactHeader header, Footer footer) throws ArtefactException {
    if (!header.isOpen()
        && (header.pageCount() != footer.pageCount()
            || header.checksum() != footer.databaseChecksum())) {
      throw ArtefactException.corrupt(name, "header and footer disagree on the totals");
    }
    if (footer.pageCount() < 0 || footer.pageCount() > header.highWaterMark()) {
      throw ArtefactException.corrupt(
          name,
          footer.pageCount() + " pages of a database of " + header.highWaterMark() + " pages");
    }
    return header.withTotals(footer.pageCount(), footer.databaseChecksum());
  }

  private List<BlockEntry> blocks(
      TailCache bytes, ArtefactHeader header, Footer footer, long firstOffset) throws IOException {
    long most = Runtime.getRuntime().maxMemory() / INDEX_SHARE;
    if (footer.indexLength() > most) {
      throw new ArtefactException(
          Problem.TOO_LARGE,
          name,
          "its page index has "
              + footer.indexLength()
              + " bytes, and cannot be read here: the memory that this JVM may use has room for one"
              + " of "
              + most
              + ". Give it more (-Xmx, for the command in STREAM_JAVA_OPTS)");
    }
    byte[] index = bytes.read(footer.indexOffset(), (int) footer.indexLength());
    if (Checksums.of(index, 0, index.length) != footer.indexChecksum()) {
      throw ArtefactException.corrupt(name, "the page index does not match its checksum");
    }
    return new BlockIndexDecoder(index, header, name).decode(footer, firstOffset);
  }

  private void checkFile(long headerChecksum, List<BlockEntry> blocks, Footer footer)
      throws ArtefactException {
    long file = Checksums.chain(0, headerChecksum);
    for (BlockEntry block : blocks) {
      file = Checksums.chain(file, block.checksum());
    }
    file = Checksums.chain(file, footer.indexChecksum());
    if (file != footer.fileChecksum()) {
      throw ArtefactException.corrupt(
          name, "header, blocks and index are not of one file: its checksum does not match");
    }
  }

  private Codec codec(ArtefactHeader header, CodecLookup codecs) throws IOException {
    Codec codec = codecs.find(header.compression());
    if (codec == null) {
      throw new ArtefactException(
          Problem.UNKNOWN_CODEC,
          name,
          "compressed with the codec \""
              + header.compression()
              + "\", which is not installed, so it cannot be read here: "
              + PublishedPlugins.remedy(PluginKind.CODEC, header.compression()));
    }
    return codec;
  }
}
