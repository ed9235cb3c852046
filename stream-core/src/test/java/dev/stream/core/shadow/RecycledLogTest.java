package dev.stream.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import dev.stream.core.state.GenerationId;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log in the file of a former one has its own records, and never one of the former. */
final class RecycledLogTest {

  private static final int PAGE = 512;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final GenerationId FORMER = new GenerationId("0000000000000001-00000000");
  private static final GenerationId NEXT = new GenerationId("0000000000000002-00000000");

  @TempDir Path folder;
  private ShadowDirectory directory;

  @BeforeEach
  void open() throws IOException {
    directory = ShadowDirectory.open(folder);
  }

  @AfterEach
  void close() throws IOException {
    directory.close();
  }

  private static PageFlush flush(long txId, String told) {
    byte[] bytes = new byte[PAGE];
    new Random(told.hashCode() * 31L + txId).nextBytes(bytes);
    return new PageFlush(
        txId,
        txId,
        PAGE,
        3,
        told,
        frames -> frames.accept(new PageFrame(1 + txId % 3, 0, ByteBuffer.wrap(bytes))));
  }

  /** A log of transactions, each as long as one of the same number in another. */
  private ActiveLog begin(GenerationId generation, long parent, boolean force) throws IOException {
    return directory.createLog(generation, DatabaseState.of(parent, 0, PAGE, 3, "p"), null, force);
  }

  private static void append(ActiveLog log, String told, long... transactions) throws IOException {
    PageHashTable table = new PageHashTable();
    for (long txId : transactions) {
      log.append(flush(txId, told), table, NOW);
    }
  }

  /** A log is sealed, as far as its file is concerned. */
  private void spend(ActiveLog log) throws IOException {
    log.close();
    directory.spend(
        new ClosedLog(
            log.file(), log.generation(), log.parent().txId(), log.last(), log.length(), NOW));
  }

  private static List<String> read(Path log) throws IOException {
    List<String> found = new ArrayList<>();
    try (LogReader reader = LogReader.open(log)) {
      LogRecord record;
      while ((record = reader.next((id, offset, data, at, length) -> {})) != null) {
        found.add(record.after().position() + record.txId());
      }
    }
    return found;
  }

  @Test
  void theNextLogIsWrittenOverTheFormerOne() throws IOException {
    ActiveLog former = begin(FORMER, 7, false);
    append(former, "old", 8, 9, 10);
    spend(former);
    assertThat(former.file()).doesNotExist();
    try (ActiveLog next = begin(NEXT, 7, false)) {
      append(next, "new", 8);
      assertThat(Files.size(next.file())).isEqualTo(former.length());
      assertThat(next.length()).isLessThan(former.length());
    }
  }

  /** They stand where records of the new log would go on, and say the transactions that would. */
  @Test
  void recordsOfTheFormerLogDoNotGoOnWithTheNewOne() throws IOException {
    ActiveLog former = begin(FORMER, 7, false);
    append(former, "old", 8, 9, 10, 11);
    spend(former);
    try (ActiveLog next = begin(NEXT, 7, false)) {
      assertThat(read(next.file())).isEmpty();
      append(next, "new", 8, 9);
      assertThat(read(next.file())).containsExactly("new8", "new9");
    }
  }

  @Test
  void norInTheSameGeneration() throws IOException {
    ActiveLog former = begin(FORMER, 7, false);
    append(former, "old", 8, 9, 10, 11);
    spend(former);
    try (ActiveLog next = begin(FORMER, 8, false)) {
      append(next, "new", 9);
      assertThat(read(next.file())).containsExactly("new9");
    }
  }

  /** As a process leaves it that is killed while it writes. */
  @Test
  void aRecordWrittenInPartIsNotCompletedByTheFormerOne() throws IOException {
    ActiveLog former = begin(FORMER, 7, false);
    append(former, "old", 8, 9, 10);
    byte[] before = Files.readAllBytes(former.file());
    spend(former);
    ActiveLog next = begin(NEXT, 7, false);
    append(next, "new", 8);
    int start = (int) next.length();
    append(next, "new", 9);
    next.close();
    byte[] whole = Files.readAllBytes(next.file());
    for (int torn = start; torn < next.length(); torn++) {
      byte[] left = before.clone();
      System.arraycopy(whole, 0, left, 0, torn);
      boolean same = Arrays.equals(left, 0, (int) next.length(), whole, 0, (int) next.length());
      Files.write(next.file(), left);
      assertThat(read(next.file()))
          .as("torn at %d", torn)
          .isEqualTo(same ? List.of("new8", "new9") : List.of("new8"));
    }
  }

  @Test
  void whatAStopLeavesOfItIsRecoveredUpToItsEnd() throws IOException {
    ActiveLog former = begin(FORMER, 7, false);
    append(former, "old", 8, 9, 10, 11);
    spend(former);
    ActiveLog next = begin(NEXT, 7, false);
    append(next, "new", 8, 9);
    next.close();
    ShadowRecovery.Recovered found =
        ShadowRecovery.recover(
            directory,
            name -> {
              throw new AssertionError(name);
            },
            false);
    assertThat(found.generation()).isEqualTo(NEXT);
    assertThat(found.logs()).hasSize(1);
    assertThat(found.logs().get(0).end().txId()).isEqualTo(9);
    assertThat(found.logs().get(0).length()).isEqualTo(next.length());
  }

  /** As a machine leaves it that stops after the file was moved and before it was written. */
  @Test
  void aFileUnderTheNameOfAnotherLogIsNone() throws IOException {
    ActiveLog former = begin(FORMER, 7, false);
    append(former, "old", 8, 9);
    former.close();
    Files.move(former.file(), directory.logFile(NEXT, 8));
    ShadowRecovery.Recovered found =
        ShadowRecovery.recover(
            directory,
            name -> {
              throw new AssertionError(name);
            },
            false);
    assertThat(found.generation()).isNull();
    assertThat(directory.logFile(NEXT, 8)).doesNotExist();
    assertThat(found.notices()).singleElement().asString().contains("file of another log");
  }

  /** In logs of versions before this one a record's checksum begins with nothing. */
  @Test
  void anEarlyLogIsReadAsItWasWritten() throws IOException {
    ActiveLog log = begin(FORMER, 7, false);
    List<Integer> ends = new ArrayList<>(List.of((int) log.length()));
    for (long txId = 8; txId < 11; txId++) {
      append(log, "early", txId);
      ends.add((int) log.length());
    }
    log.close();
    byte[] bytes = Files.readAllBytes(log.file());
    bytes[7] = '1';
    int start = 0;
    for (int end : ends) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, start, end - 4 - start);
      ByteBuffer.wrap(bytes).putInt(end - 4, (int) crc.getValue());
      start = end;
    }
    Files.write(log.file(), bytes);
    assertThat(read(log.file())).containsExactly("early8", "early9", "early10");
  }

  @Test
  void oneFileIsKeptAndGivenBackByTheClose() throws IOException {
    ActiveLog one = begin(FORMER, 7, false);
    append(one, "a", 8);
    ActiveLog other = begin(FORMER, 8, false);
    append(other, "b", 9);
    spend(one);
    spend(other);
    assertThat(files("tmp")).hasSize(1);
    assertThat(files("active")).isEmpty();
    directory.close();
    assertThat(files("tmp")).isEmpty();
  }

  @Test
  void aFileThatLogsNoLongerNeedIsCutLittleByLittle() throws IOException {
    ActiveLog large = begin(FORMER, 7, false);
    append(large, "a", 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
    long length = large.length();
    spend(large);
    ActiveLog small = begin(FORMER, 17, false);
    append(small, "b", 18);
    spend(small);
    assertThat(Files.size(files("tmp").get(0))).isEqualTo(length / 2);
  }

  @Test
  void aFileThatIsGoneIsMadeAnew() throws IOException {
    ActiveLog former = begin(FORMER, 7, false);
    append(former, "old", 8);
    spend(former);
    Files.delete(files("tmp").get(0));
    Files.delete(folder.resolve("tmp"));
    try (ActiveLog next = begin(NEXT, 7, false)) {
      append(next, "new", 8);
      assertThat(read(next.file())).containsExactly("new8");
    }
  }

  /** The thread is the application's, and may be interrupted at any time. */
  @Test
  void anInterruptClosesNothing() throws IOException {
    try (ActiveLog log = begin(NEXT, 7, true)) {
      Thread.currentThread().interrupt();
      append(log, "new", 8);
      assertThat(Thread.interrupted()).isTrue();
      append(log, "new", 9);
      assertThat(read(log.file())).containsExactly("new8", "new9");
    }
  }

  @Test
  void pagesAreReadWhereverTheyAre() throws IOException {
    Path file = folder.resolve("pages");
    byte[] bytes = new byte[2_000 * 67];
    new Random(3).nextBytes(bytes);
    Files.write(file, bytes);
    Random random = new Random(5);
    try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "r")) {
      LogPages pages = new LogPages(data, PAGE);
      for (int offset = 0; offset + PAGE <= bytes.length; offset += PAGE + random.nextInt(90)) {
        assertPage(pages, bytes, offset);
      }
      for (int i = 0; i < 2_000; i++) {
        assertPage(pages, bytes, random.nextInt(bytes.length - PAGE + 1));
      }
      assertPage(pages, bytes, bytes.length - PAGE);
      assertThatThrownBy(() -> pages.at(bytes.length - PAGE + 1)).isInstanceOf(EOFException.class);
    }
  }

  private static void assertPage(LogPages pages, byte[] bytes, int offset) throws IOException {
    byte[] read = new byte[PAGE];
    pages.at(offset).get(read);
    assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + PAGE));
  }

  private List<Path> files(String name) throws IOException {
    try (var files = Files.list(folder.resolve(name))) {
      return files.toList();
    }
  }
}
