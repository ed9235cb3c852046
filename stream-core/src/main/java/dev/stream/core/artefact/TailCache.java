package dev.stream.core.artefact;

import java.io.IOException;
import java.util.Arrays;

/** A source whose last bytes are in memory: all of them, if it is small. */
final class TailCache implements ByteRangeSource {

  private final ByteRangeSource source;
  private final byte[] tail;
  private final long tailOffset;

  private TailCache(ByteRangeSource source, byte[] tail) {
    this.source = source;
    this.tail = tail;
    this.tailOffset = source.size() - tail.length;
  }

  static TailCache of(ByteRangeSource source, int length) throws IOException {
    int cached = (int) Math.min(source.size(), length);
    return new TailCache(
        source, cached == 0 ? new byte[0] : source.read(source.size() - cached, cached));
  }

  /** The same source, holding on to the bytes only if they are all of it. */
  ByteRangeSource settle() {
    return tailOffset == 0 ? this : source;
  }

  @Override
  public long size() {
    return source.size();
  }

  @Override
  public byte[] read(long offset, int length) throws IOException {
    if (offset < tailOffset) {
      return source.read(offset, length);
    }
    int from = Math.toIntExact(offset - tailOffset);
    return Arrays.copyOfRange(tail, from, from + length);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
