package dev.stream.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.codec.NoneCodecProvider;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What recovery knows of the last flush, wherever a kill left it. */
final class LastFlushTest {

  private static final int PAGE = 512;
  private static final GenerationId GENERATION = new GenerationId("0000000000000001-00000000");

  @TempDir Path folder;
  private final PageHashTable table = new PageHashTable();
  private final List<Long> ends = new ArrayList<>();
  private ShadowDirectory directory;
  private DatabaseState state;
  private Path log;

  @BeforeEach
  void openDirectory() throws IOException {
    directory = ShadowDirectory.open(folder);
    state = DatabaseState.of(7, 0, PAGE, 0, "p7");
    log = directory.logFile(GENERATION, 8);
  }

  @AfterEach
  void closeDirectory() throws IOException {
    directory.close();
  }

  /** Three flushes: to 4 pages, to 20 pages, to 10 pages. */
  private void writeLog(@Nullable PageHashTable hashes) throws IOException {
    try (ActiveLog active = directory.createLog(GENERATION, state, null, false)) {
      append(active, hashes, flush(8, 4, 1, 2, 3, 4));
      append(active, hashes, flush(9, 20, 2, 12));
      append(active, hashes, flush(10, 10, 3, 4, 5, 8, 10));
      state = active.last();
    }
  }

  private void append(ActiveLog active, @Nullable PageHashTable hashes, PageFlush flush)
      throws IOException {
    active.append(flush, hashes, Instant.parse("2026-01-01T00:00:00Z"));
    ends.add(active.length());
  }

  private static byte[] page(long txId, long id) {
    byte[] bytes = new byte[PAGE];
    new Random(txId * 31 + id).nextBytes(bytes);
    return bytes;
  }

  private static PageFlush flush(long txId, long mark, long... pages) {
    return new PageFlush(
        txId,
        txId,
        PAGE,
        mark,
        "p" + txId,
        consumer -> {
          for (long id : pages) {
            consumer.accept(new PageFrame(id, 0, ByteBuffer.wrap(page(txId, id))));
          }
        });
  }

  private @Nullable LastFlush recovered() throws IOException {
    return ShadowRecovery.recover(
            directory, name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS), false)
        .lastFlush();
  }

  private void seal(boolean onlyToCut) throws IOException {
    ArtefactEncoding encoding =
        new ArtefactEncoding(
            new NoneCodecProvider().create(CodecSettings.DEFAULTS),
            CodecSettings.DEFAULTS,
            "toy",
            Runnable::run,
            Clock.systemUTC());
    ClosedLog closed = new ClosedLog(log, GENERATION, 7, state, Files.size(log), Instant.EPOCH);
    ConcurrentSkipListSet<Long> cuts = new ConcurrentSkipListSet<>(List.of(9L));
    SegmentSealer sealer = new SegmentSealer(directory, encoding, java.util.Map.of());
    if (onlyToCut) {
      assertThatThrownBy(
              () ->
                  sealer.seal(
                      closed,
                      7,
                      cuts,
                      (segment, after) -> {
                        throw new IllegalStateException("killed");
                      }))
          .hasMessage("killed");
    } else {
      sealer.seal(closed, 7, cuts, (segment, after) -> {});
    }
  }

  private static List<String> differing(@Nullable LastFlush flush, long mark) throws IOException {
    List<String> runs = new ArrayList<>();
    assertThat(flush).isNotNull();
    flush.differing(mark, (first, count) -> runs.add(first + "+" + count));
    return runs;
  }

  /** The database before the third flush. */
  private static PageHashTable before() {
    PageHashTable hashes = new PageHashTable();
    for (long id : new long[] {1, 3, 4}) {
      hashes.set(id, PageHash.of(id, page(8, id), 0, PAGE));
    }
    for (long id : new long[] {2, 12}) {
      hashes.set(id, PageHash.of(id, page(9, id), 0, PAGE));
    }
    return hashes;
  }

  private void isTheThird(@Nullable LastFlush flush) throws IOException {
    assertThat(flush).isNotNull();
    assertThat(flush.after()).isEqualTo(state);
    assertThat(flush.explains(before(), 20)).isTrue();
    PageHashTable cut = before();
    cut.truncate(10);
    assertThat(flush.explains(cut, 10)).isTrue();
    assertThat(flush.explains(before(), 21)).isFalse();
    assertThat(flush.explains(cut, 9)).isFalse();
    PageHashTable other = before();
    other.set(2, 1);
    assertThat(flush.explains(other, 20)).isFalse();
    assertThat(differing(flush, 20)).containsExactly("3+3", "8+1", "10+1", "11+10");
    assertThat(differing(flush, 10)).containsExactly("3+3", "8+1", "10+1");
  }

  @Test
  void itIsTheLastRecordOfTheLog() throws Exception {
    writeLog(table);
    isTheThird(recovered());
  }

  @Test
  void aTornRecordIsNotIt() throws Exception {
    writeLog(table);
    isTheThird(recovered());
    for (long length = ends.get(1); length < ends.get(2); length += 97) {
      try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
        file.setLength(ends.get(2)); // zeros after the cut, as a file system may leave them
        file.setLength(length);
      }
      LastFlush flush = recovered();
      assertThat(flush).isNotNull();
      assertThat(flush.after().txId()).isEqualTo(9);
      assertThat(differing(flush, 20)).as("cut to %d", length).containsExactly("2+1", "12+1");
      PageHashTable first = before();
      first.truncate(4);
      first.set(2, 5);
      assertThat(flush.explains(first, 4)).isTrue();
      assertThat(flush.explains(first, 3)).isFalse();
      writeAgain();
    }
  }

  private void writeAgain() throws IOException {
    Files.deleteIfExists(log);
    ends.clear();
    table.truncate(0);
    state = DatabaseState.of(7, 0, PAGE, 0, "p7");
    writeLog(table);
  }

  @Test
  void theLogsEarlierPartMayBeInASegment() throws Exception {
    writeLog(table);
    seal(true);
    assertThat(directory.list().generations()).hasSize(1);
    isTheThird(recovered());
  }

  @Test
  void theWholeLogMayBeInASegmentIfItIsStillThere() throws Exception {
    writeLog(table);
    byte[] bytes = Files.readAllBytes(log);
    seal(false);
    Files.write(log, bytes);
    isTheThird(recovered());
    assertThat(log).doesNotExist();
  }

  @Test
  void aLogThatIsGoneTellsNothing() throws Exception {
    writeLog(table);
    seal(false);
    assertThat(log).doesNotExist();
    assertThat(recovered()).isNull();
  }

  @Test
  void aLogWhoseChecksumsAreNotProvenTellsNothing() throws Exception {
    writeLog(null);
    assertThat(recovered()).isNull();
  }

  @Test
  void anOlderLogThanTheStateTellsNothing() throws Exception {
    writeLog(table);
    byte[] bytes = Files.readAllBytes(log);
    seal(false);
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.write(bytes, 0, (int) (long) ends.get(1)); // of what is sealed, only a part
    }
    assertThat(recovered()).isNull();
  }
}
