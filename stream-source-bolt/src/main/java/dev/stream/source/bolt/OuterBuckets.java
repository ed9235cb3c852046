package dev.stream.source.bolt;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * A sketch of the names of the outermost buckets: the least of their checksums, ascending, by which
 * two sets of names are compared (A. Broder, "On the resemblance and containment of documents",
 * 1997).
 */
final class OuterBuckets {

  private static final int SKETCH = 16;

  private OuterBuckets() {}

  /** That of a state that was read, and is sound. */
  static List<String> sketch(FileBytes file, BoltMeta meta) throws IOException {
    TreeSet<String> least = new TreeSet<>();
    Deque<Long> ahead = new ArrayDeque<>();
    ahead.push(meta.root());
    PageRun page = new PageRun(file, meta.pageSize());
    while (!ahead.isEmpty()) {
      long id = ahead.pop();
      page.load(id, meta.highWaterMark() - id);
      for (int i = 0; i < page.count(); i++) {
        int at = page.element(i);
        if (page.flags() == PageRun.BRANCH) {
          ahead.push(page.longAt(at + 8L));
          continue;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(
            page.at(at + Integer.toUnsignedLong(page.intAt(at + 4)), page.intAt(at + 8)));
        least.add(String.format("%08x", checksum.getValue()));
        if (least.size() > SKETCH) {
          least.pollLast();
        }
      }
    }
    return List.copyOf(least);
  }
}
