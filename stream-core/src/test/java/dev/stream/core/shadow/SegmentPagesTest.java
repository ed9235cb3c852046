package dev.stream.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Merging a run of flushes, against applying them one by one. */
final class SegmentPagesTest {

  private static final long PARENT = -2;

  @Test
  void theMergedPagesAmountToTheFlushesOneByOne() throws IOException {
    String given = System.getProperty("stream.test.seed", "");
    int runs = "nightly".equals(System.getProperty("stream.test.scale")) ? 200_000 : 5_000;
    long first = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    System.out.println("stream.test.seed=" + first);
    for (int run = 0; run < runs; run++) {
      proves(first + run);
    }
  }

  private static void proves(long seed) throws IOException {
    Random random = new Random(seed);
    int parentMark = random.nextInt(12);
    long[] expected = new long[parentMark];
    java.util.Arrays.fill(expected, PARENT);
    SegmentPages pages = new SegmentPages(parentMark);
    long offset = 100;
    for (int flush = random.nextInt(8); flush >= 0; flush--) {
      int mark = random.nextInt(14);
      int before = pages.versions();
      if (random.nextInt(6) == 0) { // a record that turns out not to be whole
        pages.add(1 + random.nextInt(14), offset++);
        pages.rollBack(before);
      }
      expected = java.util.Arrays.copyOf(expected, mark);
      for (int page = 1; page <= mark; page++) {
        if (random.nextInt(3) == 0) {
          pages.add(page, offset);
          expected[page - 1] = offset++;
        }
      }
      for (int page = 0; page < mark; page++) {
        if (expected[page] == 0) { // it came back, or is new, without a frame
          expected[page] = SegmentPages.ZEROS;
        }
      }
      pages.flushed(before, mark);
    }
    Map<Long, Long> merged = new HashMap<>();
    long[] last = {0};
    SegmentPages.Merged result = pages.merge();
    result.forEach(
        (id, at) -> {
          assertThat(id).as("ascending, seed %d", seed).isGreaterThan(last[0]);
          last[0] = id;
          merged.put(id, at);
        });
    assertThat(result.count()).isEqualTo(merged.size());
    assertThat(last[0])
        .as("nothing above the mark, seed %d", seed)
        .isLessThanOrEqualTo(expected.length);
    for (int page = 1; page <= expected.length; page++) {
      long unsaid = page <= parentMark ? PARENT : SegmentPages.ZEROS;
      assertThat(merged.getOrDefault((long) page, unsaid))
          .as("page %d of %d, seed %d", page, expected.length, seed)
          .isEqualTo(expected[page - 1]);
    }
  }
}
