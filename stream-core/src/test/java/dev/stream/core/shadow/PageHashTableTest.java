package dev.stream.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The table against a map, in memory and in a file, wherever its process is killed. */
final class PageHashTableTest {

  private static final long CHUNK = 1 << 9;
  private static final GenerationId GENERATION = new GenerationId("0000000000000001-00000000");

  private static long seed() {
    String given = System.getProperty("stream.test.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    System.out.println("stream.test.seed=" + seed);
    return seed;
  }

  private static int rounds(int few, int many) {
    return "nightly".equals(System.getProperty("stream.test.scale")) ? many : few;
  }

  /** About the edges of chunks, where mistakes would be, and far beyond what is there. */
  private static long id(Random random) {
    return Math.max(1, random.nextInt(12) * CHUNK + random.nextInt(5) - 2);
  }

  @Test
  void saysWhatAMapSays() throws Exception {
    for (int round = 0; round < rounds(6, 300); round++) {
      Random random = new Random(seed());
      StoredBytes stored = new StoredBytes(new byte[0]);
      PageHashTable table =
          round % 3 == 0
              ? new PageHashTable()
              : PageHashTable.create(stored, 1 + random.nextInt(4));
      NavigableMap<Long, Long> map = new TreeMap<>();
      for (int i = 0; i < 3_000; i++) {
        long id = id(random);
        switch (random.nextInt(6)) {
          case 0 -> {
            table.truncate(id);
            map.tailMap(id, false).clear();
          }
          case 1 -> assertThat(table.checksumAbove(id)).isEqualTo(xor(map.tailMap(id, false)));
          case 2 -> stored.full = round % 3 == 2 && random.nextBoolean();
          default -> {
            long hash = random.nextInt(3) == 0 ? 0 : random.nextLong();
            table.set(id, hash);
            map.put(id, hash);
          }
        }
        assertThat(table.get(id)).isEqualTo(map.getOrDefault(id, 0L));
        assertThat(table.checksum()).isEqualTo(xor(map));
      }
      requireEqual(table, map);
      assertThat(table.get(1_000 * CHUNK)).isZero();
    }
  }

  @Test
  void nothingIsLeftAboveAnEmptyDatabase() throws Exception {
    PageHashTable table = new PageHashTable();
    table.set(1, 5);
    table.set(CHUNK, 6);
    table.set(CHUNK - 1, 7);
    table.truncate(0);
    assertThat(table.checksum()).isZero();
    assertThat(table.get(1) | table.get(CHUNK) | table.get(CHUNK - 1)).isZero();
  }

  /** What a flush does to the table. */
  private record Flush(long txId, long mark, Map<Long, Long> hashes) {
    void applyTo(PageHashTable table) throws IOException {
      table.truncate(mark);
      for (Map.Entry<Long, Long> one : hashes.entrySet()) {
        table.set(one.getKey(), one.getValue());
      }
    }
  }

  @Test
  void whatIsLeftByAKillAndTheLogsMakeTheTableOfTheLastFlush() throws Exception {
    for (int round = 0; round < rounds(8, 400); round++) {
      Random random = new Random(seed());
      StoredBytes stored = new StoredBytes(new byte[0]);
      PageHashTable table = PageHashTable.create(stored, 1 + random.nextInt(5));
      List<Flush> log = new ArrayList<>();
      NavigableMap<Long, Long> map = new TreeMap<>();
      int[] kills = {0};
      stored.afterChange = () -> kills[0] += recovers(stored.copy(), log, map) ? 1 : 0;
      table.writeBack(GENERATION, state(0, map));
      for (long txId = 1; txId <= 120; txId++) {
        Flush flush = flush(txId, random);
        map.tailMap(flush.mark(), false).clear();
        map.putAll(flush.hashes());
        log.add(flush); // before the table, as with a real one
        flush.applyTo(table);
        stored.full = round % 4 == 3 && random.nextInt(3) == 0;
        if (random.nextInt(4) == 0) {
          writeBack(table, state(txId, map), random);
        }
      }
      assertThat(kills[0]).as("moments of a kill").isGreaterThan(100);
      requireEqual(table, map);
    }
  }

  private static void writeBack(PageHashTable table, DatabaseState state, Random random) {
    try {
      int[] changed = table.changed();
      int some = random.nextInt(changed.length + 1);
      for (int i = 0; i < some; i++) {
        table.writeBack(changed[i]);
      }
      if (random.nextBoolean()) {
        table.writeBack(GENERATION, state);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space");
    }
  }

  private static Flush flush(long txId, Random random) {
    long mark = random.nextInt(6) == 0 ? id(random) : 12 * CHUNK;
    Map<Long, Long> hashes = new TreeMap<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      long id = random.nextBoolean() ? id(random) : 1 + random.nextInt((int) (12 * CHUNK));
      if (id <= mark) {
        hashes.put(id, random.nextInt(5) == 0 ? 0 : random.nextLong());
      }
    }
    return new Flush(txId, mark, hashes);
  }

  private static boolean recovers(byte[] left, List<Flush> log, NavigableMap<Long, Long> map) {
    try {
      PageHashTable table = replayed(left, log);
      if (table == null) {
        return false;
      }
      assertThat(table.checksum()).isEqualTo(xor(map));
      requireEqual(table, map);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Null if there is no table. */
  private static PageHashTable replayed(byte[] left, List<Flush> log) throws IOException {
    StoredBytes stored = new StoredBytes(left);
    TableFormat.Header header = TableFormat.read(stored);
    if (header == null) {
      return null;
    }
    PageHashTable table = PageHashTable.open(stored, 2);
    for (Flush flush : log) {
      if (flush.txId() > header.state().txId()) {
        flush.applyTo(table);
      }
    }
    return table;
  }

  @Test
  void aDamagedTableIsNoneOrHasAnotherChecksum() throws Exception {
    Random random = new Random(seed());
    StoredBytes stored = new StoredBytes(new byte[0]);
    PageHashTable table = PageHashTable.create(stored, 3);
    NavigableMap<Long, Long> map = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      map.put(1 + (long) random.nextInt(3_000), random.nextLong());
    }
    for (Map.Entry<Long, Long> one : map.entrySet()) {
      table.set(one.getKey(), one.getValue());
    }
    table.writeBack(GENERATION, state(9, map));
    byte[] whole = stored.copy();
    requireEqual(replayed(whole, List.of()), map);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = whole.clone();
      if (i % 2 == 0) {
        damaged[random.nextInt(i % 4 == 0 ? 80 : whole.length)] ^= (byte) (1 << random.nextInt(8));
      } else {
        damaged = java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
      }
      PageHashTable found = replayed(damaged, List.of());
      if (found != null && found.checksum() == xor(map)) {
        requireEqual(found, map);
      }
    }
  }

  private static DatabaseState state(long txId, NavigableMap<Long, Long> map) {
    return DatabaseState.of(txId, xor(map), 512, 12 * CHUNK, "");
  }

  private static void requireEqual(PageHashTable table, NavigableMap<Long, Long> map)
      throws IOException {
    for (Map.Entry<Long, Long> one : map.entrySet()) {
      if (table.get(one.getKey()) != one.getValue()) {
        assertThat(table.get(one.getKey())).as("page %d", one.getKey()).isEqualTo(one.getValue());
      }
    }
  }

  private static long xor(NavigableMap<Long, Long> map) {
    return map.values().stream().mapToLong(Long::longValue).reduce(0, (a, b) -> a ^ b);
  }
}
