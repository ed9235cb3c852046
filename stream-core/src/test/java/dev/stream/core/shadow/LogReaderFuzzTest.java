package dev.stream.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of a log after damage of any kind at any place: its records before, and no other.
 */
final class LogReaderFuzzTest {

  private static final int PAGE = 512;

  /** A record as read, with its pages' bytes. */
  private record Read(LogRecord record, List<String> pages) {}

  @TempDir Path folder;
  private Path log;
  private byte[] whole;
  private List<Read> records;
  private int header;

  @BeforeEach
  void writeLog() throws IOException {
    log = folder.resolve("a.log");
    GenerationId generation = new GenerationId("0000000000000001-00000000");
    DatabaseState parent = DatabaseState.of(7, 0, PAGE, 0, "p7");
    PageHashTable table = new PageHashTable();
    try (ActiveLog active = ActiveLog.create(log, null, generation, parent, null, false)) {
      header = (int) active.length();
      active.append(flush(8, 8, 2, 1), table, Instant.parse("2026-01-01T00:00:00.000001Z"));
      active.append(flush(9, 12, 1), table, Instant.parse("2026-01-01T00:00:01Z"));
      active.append(flush(13, 13, 3, 2), table, Instant.parse("2026-01-01T00:00:02Z"));
    }
    whole = Files.readAllBytes(log);
    records = read();
    assertThat(records).hasSize(3);
    assertThat(records.get(2).record().end()).isEqualTo(whole.length);
  }

  /** A flush with these pages, of which the content tells the transaction. */
  private static PageFlush flush(long first, long last, long mark, long... pages) {
    return new PageFlush(
        first,
        last,
        PAGE,
        mark,
        "position " + last,
        consumer -> {
          for (long page : pages) {
            byte[] bytes = new byte[PAGE];
            new Random(last * 31 + page).nextBytes(bytes);
            consumer.accept(new PageFrame(page, 0, ByteBuffer.wrap(bytes)));
          }
        });
  }

  private List<Read> read() throws IOException {
    List<Read> found = new ArrayList<>();
    try (LogReader reader = LogReader.open(log)) {
      List<String> pages = new ArrayList<>();
      LogRecord record;
      while ((record =
              reader.next(
                  (id, offset, data, at, length) ->
                      pages.add(
                          id
                              + "@"
                              + offset
                              + ":"
                              + Arrays.hashCode(Arrays.copyOfRange(data, at, at + length)))))
          != null) {
        found.add(new Read(record, List.copyOf(pages)));
        pages.clear();
      }
    }
    return found;
  }

  /** The records that end at or before {@code intact} are read, and nothing else. */
  private void assertPrefix(String what, byte[] content, int intact) throws IOException {
    Files.write(log, content);
    if (intact < header) {
      try {
        assertThat(read()).as(what).isNull();
      } catch (IOException e) {
        assertThat(e).as(what).hasMessageContaining(log.toString());
      }
      return;
    }
    List<Read> expected = records.stream().filter(each -> each.record().end() <= intact).toList();
    assertThat(read()).as(what).isEqualTo(expected);
  }

  @Test
  void aLogCutOffAnywhereYieldsTheRecordsBefore() throws IOException {
    for (int length = 0; length < whole.length; length++) {
      assertPrefix("cut to " + length, Arrays.copyOf(whole, length), length);
    }
  }

  @Test
  void aFlippedBitAnywhereYieldsTheRecordsBefore() throws IOException {
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << (at % 8));
      assertPrefix("bit flipped at " + at, damaged, at);
    }
    for (int at = 0; at < header + 60; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        assertPrefix("bit " + bit + " flipped at " + at, damaged, at);
      }
    }
  }

  @Test
  void whatFollowsTheLastRecordIsNotRead() throws IOException {
    Random random = new Random(seed());
    for (int run = 0; run < 200; run++) {
      byte[] tail = new byte[random.nextInt(900)];
      if (run % 2 == 0) {
        random.nextBytes(tail);
      }
      byte[] content = Arrays.copyOf(whole, whole.length + tail.length);
      System.arraycopy(tail, 0, content, whole.length, tail.length);
      assertPrefix("a tail of " + tail.length, content, whole.length);
      // An earlier record again is not the next one.
      LogRecord earlier = records.get(random.nextInt(3)).record();
      int length = (int) (earlier.end() - earlier.start());
      byte[] again = Arrays.copyOf(whole, whole.length + length);
      System.arraycopy(whole, (int) earlier.start(), again, whole.length, length);
      assertPrefix("a record again", again, whole.length);
    }
  }

  @Test
  void aPieceOverwrittenAnywhereYieldsTheRecordsBefore() throws IOException {
    Random random = new Random(seed());
    for (int run = 0; run < 500; run++) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(whole.length);
      int end = Math.min(whole.length, at + 1 + random.nextInt(40));
      for (int i = at; i < end; i++) {
        damaged[i] = (byte) (run % 3 == 0 ? 0xff : random.nextInt(256));
      }
      int first = Arrays.mismatch(whole, damaged);
      if (first >= 0) {
        assertPrefix("overwritten from " + first + " to " + end, damaged, first);
      }
    }
  }

  private static long seed() {
    String given = System.getProperty("stream.test.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    System.out.println("stream.test.seed=" + seed);
    return seed;
  }
}
