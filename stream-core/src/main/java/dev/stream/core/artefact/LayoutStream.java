package dev.stream.core.artefact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a snapshot, block by block from wherever they can be had. Skipping costs nothing:
 * blocks that are skipped are not asked for. For one thread.
 */
public final class LayoutStream extends InputStream {

  /** Where the blocks are. */
  public interface Blocks {
    /** The stored bytes of a block, valid until the next call. */
    ByteBuffer block(int number) throws IOException;

    /** No more blocks are asked for. */
    default void close() {}
  }

  private final SnapshotLayout layout;
  private final Blocks blocks;
  private long position;
  private @Nullable ByteBuffer current; // what it has left begins at the position
  private boolean closed;

  /** A stream from the first byte on. */
  public LayoutStream(SnapshotLayout layout, Blocks blocks) {
    this.layout = layout;
    this.blocks = blocks;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    ByteBuffer from = section();
    if (from == null) {
      return -1;
    }
    int count = Math.min(length, from.remaining());
    from.get(target, offset, count);
    position += count;
    return count;
  }

  /** What begins at the position; null at the end. */
  private @Nullable ByteBuffer section() throws IOException {
    if (closed) {
      throw new IOException("the stream was closed");
    }
    ByteBuffer known = current;
    if (known != null && known.hasRemaining()) {
      return known;
    }
    current = null; // a block that cannot be had is asked for again
    if (position >= layout.size()) {
      return null;
    }
    ByteBuffer found;
    long start;
    if (position < layout.head().length) {
      found = ByteBuffer.wrap(layout.head());
      start = 0;
    } else if (position >= layout.blocksEnd()) {
      found = ByteBuffer.wrap(layout.tail());
      start = layout.blocksEnd();
    } else {
      int number = layout.blockAt(position);
      found = blocks.block(number);
      start = layout.blockStart(number);
    }
    found.position(found.position() + (int) (position - start));
    current = found;
    return found;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, layout.size() - position));
    ByteBuffer known = current;
    if (known != null && skipped <= known.remaining()) {
      known.position(known.position() + (int) skipped);
    } else {
      current = null;
    }
    position += skipped;
    return skipped;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      current = null;
      blocks.close();
    }
  }
}
