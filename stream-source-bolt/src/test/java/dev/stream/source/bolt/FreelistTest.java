package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of free pages, short and so long that their length does not fit into the page's header. */
final class FreelistTest {

  private static final long PAGES = 100_000;

  @TempDir Path folder;

  /** Writes the list to page 2 as bbolt does, with the length that it is to say; reads it. */
  private BitSet read(int entries, int count, long length) throws IOException {
    int first = count == 0xFFFF ? 1 : 0;
    int pages = (16 + (entries + first) * 8) / Fixture.PAGE + 1;
    ByteBuffer file =
        ByteBuffer.allocate((2 + pages) * Fixture.PAGE).order(ByteOrder.LITTLE_ENDIAN);
    int page = 2 * Fixture.PAGE;
    file.putLong(page, 2).putShort(page + 8, (short) PageRun.FREELIST);
    file.putShort(page + 10, (short) count).putInt(page + 12, pages - 1);
    if (first == 1) {
      file.putLong(page + 16, length);
    }
    for (int i = 0; i < entries; i++) {
      file.putLong(page + 16 + (first + i) * 8, PAGES - entries + i);
    }
    Path written = Files.write(folder.resolve("list.db"), file.array());
    try (BoltFile open = BoltFile.open(written)) {
      PageRun run = new PageRun(open, Fixture.PAGE);
      run.load(2, PAGES);
      return Freelist.read(run, PAGES);
    }
  }

  @Test
  void shortAndLongLists() throws Exception {
    assertThat(read(0, 0, 0).cardinality()).isZero();
    assertThat(read(3, 3, 0)).isEqualTo(BitSet.valueOf(bits(3)));
    assertThat(read(0xFFFE, 0xFFFE, 0)).isEqualTo(BitSet.valueOf(bits(0xFFFE)));
    assertThat(read(0xFFFF, 0xFFFF, 0xFFFF)).isEqualTo(BitSet.valueOf(bits(0xFFFF)));
    assertThat(read(90_000, 0xFFFF, 90_000)).isEqualTo(BitSet.valueOf(bits(90_000)));
  }

  private static long[] bits(int entries) {
    BitSet bits = new BitSet();
    bits.set((int) PAGES - entries, (int) PAGES);
    return bits.toLongArray();
  }

  @Test
  void aLengthThatCannotBe() {
    for (long length : new long[] {-1, Long.MAX_VALUE, 90_000}) {
      assertThatThrownBy(() -> read(10, 0xFFFF, length))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining("that ends after its last byte");
    }
  }
}
