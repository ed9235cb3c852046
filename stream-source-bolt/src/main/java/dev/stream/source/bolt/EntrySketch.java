package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A sketch of what is in a database, whichever pages it is in: of the checksums of all entries, key
 * and value, the least, ascending. By it two states are compared (A. Broder, "On the resemblance
 * and containment of documents", 1997). For one walk, by one thread.
 */
final class EntrySketch implements PageSink {

  private static final int SIZE = 64;

  private final TreeSet<String> least = new TreeSet<>();

  private EntrySketch() {}

  /** That of a state; null if it is too large for every page of it to have changed by and by. */
  static @Nullable List<String> of(FileBytes file, BoltMeta meta) throws IOException {
    if (meta.highWaterMark() > MemoryCopy.LARGEST / meta.pageSize()) {
      return null;
    }
    EntrySketch sketch = new EntrySketch();
    new Walk(file, meta, sketch, false).run();
    return List.copyOf(sketch.least);
  }

  /** What does not end in the part of a large page that comes first is passed over. */
  @Override
  public void accept(long first, ByteBuffer bytes) {
    ByteBuffer page = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (page.getLong(0) != first || page.getShort(8) != PageRun.LEAF) {
      return;
    }
    int count = Short.toUnsignedInt(page.getShort(10));
    for (int i = 0; i < count; i++) {
      int at = BoltMeta.PAGE_HEADER + i * PageRun.ELEMENT;
      if (at + PageRun.ELEMENT > page.limit()) {
        return;
      }
      long from = at + Integer.toUnsignedLong(page.getInt(at + 4));
      long size =
          Integer.toUnsignedLong(page.getInt(at + 8))
              + Integer.toUnsignedLong(page.getInt(at + 12));
      boolean bucket = (page.getInt(at) & 1) != 0; // The value of one is a page's number.
      if (!bucket && from + size <= page.limit()) {
        add(page.slice((int) from, (int) size));
      }
    }
  }

  private void add(ByteBuffer entry) {
    CRC32C checksum = new CRC32C();
    checksum.update(entry);
    least.add(String.format("%08x", checksum.getValue()));
    if (least.size() > SIZE) {
      least.pollLast();
    }
  }
}
