package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sketch takes of a database that is made by hand: one bucket in the root, and its page. */
final class EntrySketchTest {

  private static final int PAGE = 4096;
  private static final int BUCKET = 1;

  /** Longer than what is read at once of a value. */
  private static final int LARGE = 3 << 20;

  private final ByteBuffer file =
      ByteBuffer.allocate(4 * PAGE + LARGE).order(ByteOrder.LITTLE_ENDIAN);

  private int next;

  private final FileBytes bytes =
      new FileBytes() {
        @Override
        public Path path() {
          return Path.of("made by hand");
        }

        @Override
        public int read(ByteBuffer target, long position) {
          int count = target.remaining();
          target.put(file.slice((int) position, count));
          return count;
        }
      };

  EntrySketchTest() {
    leaf(2, 0, 1);
    element(2, 0, BUCKET, "bucket", ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN));
    file.putLong(next - 16, 3);
  }

  private void leaf(int page, int overflow, int count) {
    file.putLong(page * PAGE, page);
    file.putShort(page * PAGE + 8, (short) PageRun.LEAF);
    file.putShort(page * PAGE + 10, (short) count);
    file.putInt(page * PAGE + 12, overflow);
    next = page * PAGE + BoltMeta.PAGE_HEADER + count * PageRun.ELEMENT;
  }

  private void element(int page, int index, int flags, String key, ByteBuffer value) {
    int at = page * PAGE + BoltMeta.PAGE_HEADER + index * PageRun.ELEMENT;
    byte[] name = key.getBytes(StandardCharsets.US_ASCII);
    file.putInt(at, flags).putInt(at + 4, next - at);
    file.putInt(at + 8, name.length).putInt(at + 12, value.remaining());
    file.put(next, name);
    next += name.length;
    file.put(next, value, value.position(), value.remaining());
    next += value.remaining();
  }

  private List<String> sketch() throws IOException {
    BoltMeta meta = new BoltMeta(PAGE, 0, 2, 0, BoltMeta.NO_FREELIST, file.capacity() / PAGE, 1);
    List<String> sketch = EntrySketch.of(bytes, meta);
    if (sketch == null) {
      throw new AssertionError("too large");
    }
    return sketch;
  }

  private static String checksum(String entry) {
    CRC32C sum = new CRC32C();
    sum.update(entry.getBytes(StandardCharsets.US_ASCII));
    return String.format("%08x", sum.getValue());
  }

  /** The least of all entries, and nothing that says where a bucket begins: Compact moves that. */
  @ParameterizedTest
  @ValueSource(ints = {1, 40, 64, 100})
  void itHasTheLeastChecksums(int count) throws Exception {
    leaf(3, 0, count);
    TreeSet<String> all = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      String key = String.format("key%03d", i);
      element(3, i, 0, key, ByteBuffer.wrap("value".getBytes(StandardCharsets.US_ASCII)));
      all.add(checksum(key + "value"));
    }
    assertThat(sketch()).isEqualTo(all.stream().limit(64).toList());
  }

  /** What leads to the entries is another each time. */
  @Test
  void pagesOfOtherKindsHaveNone() throws Exception {
    for (int i = 0; i < 2; i++) {
      String key = "key" + i;
      leaf(4 + i, 0, 1);
      element(4 + i, 0, 0, key, ByteBuffer.allocate(0));
      int at = 3 * PAGE + BoltMeta.PAGE_HEADER + i * PageRun.ELEMENT;
      file.putInt(at, 64).putInt(at + 4, key.length()).putLong(at + 8, 4 + i);
      file.put(at + 64, key.getBytes(StandardCharsets.US_ASCII));
    }
    file.putLong(3 * PAGE, 3).putShort(3 * PAGE + 8, (short) PageRun.BRANCH);
    file.putShort(3 * PAGE + 10, (short) 2);
    assertThat(sketch()).containsExactlyInAnyOrder(checksum("key0"), checksum("key1"));
  }

  /** What is in a value is no page, whatever it looks like. */
  @Test
  void aValueThatDoesNotEndInFrontIsPassedOver() throws Exception {
    leaf(3, LARGE / PAGE, 2);
    element(3, 0, 0, "a", ByteBuffer.wrap(new byte[] {'1'}));
    element(3, 1, 0, "large", ByteBuffer.allocate(LARGE - 1000));
    for (int page = 4; page < 3 + LARGE / PAGE; page++) {
      int at = page * PAGE;
      file.putShort(at + 8, (short) PageRun.LEAF).putShort(at + 10, (short) 1);
      file.putInt(at + BoltMeta.PAGE_HEADER + 4, 16).putInt(at + BoltMeta.PAGE_HEADER + 8, 4);
    }
    assertThat(sketch()).containsExactly(checksum("a1"));
  }
}
