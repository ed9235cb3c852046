package dev.stream.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The table against a map. */
final class PageHashTableTest {

  private static final long CHUNK = 1 << 14;

  @Test
  void saysWhatAMapSays() {
    String given = System.getProperty("stream.test.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    System.out.println("stream.test.seed=" + seed);
    Random random = new Random(seed);
    PageHashTable table = new PageHashTable();
    NavigableMap<Long, Long> map = new TreeMap<>();
    for (int i = 0; i < 3_000; i++) {
      // About the edges of chunks, where mistakes would be, and far beyond what is there.
      long id = Math.max(1, random.nextInt(12) * CHUNK + random.nextInt(5) - 2);
      switch (random.nextInt(4)) {
        case 0 -> {
          table.truncate(id);
          map.tailMap(id, false).clear();
        }
        case 1 -> assertThat(table.checksumAbove(id)).isEqualTo(xor(map.tailMap(id, false)));
        default -> {
          long hash = random.nextInt(3) == 0 ? 0 : random.nextLong();
          table.set(id, hash);
          map.put(id, hash);
        }
      }
      assertThat(table.get(id)).isEqualTo(map.getOrDefault(id, 0L));
      assertThat(table.checksum()).isEqualTo(xor(map));
    }
    map.forEach((id, hash) -> assertThat(table.get(id)).isEqualTo(hash));
    assertThat(table.get(1_000 * CHUNK)).isZero();
  }

  @Test
  void nothingIsLeftAboveAnEmptyDatabase() {
    PageHashTable table = new PageHashTable();
    table.set(1, 5);
    table.set(CHUNK, 6);
    table.set(CHUNK - 1, 7);
    table.truncate(0);
    assertThat(table.checksum()).isZero();
    assertThat(table.get(1) | table.get(CHUNK) | table.get(CHUNK - 1)).isZero();
  }

  private static long xor(NavigableMap<Long, Long> map) {
    return map.values().stream().mapToLong(Long::longValue).reduce(0, (a, b) -> a ^ b);
  }
}
