package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.replicate.CommitPathDatabase.Flush;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed when a flush is in the shadow log and not, or in part, in the file, or
 * somebody changes that. The generation goes on, what differs is captured and nothing else, and
 * every state that can be restored is, byte for byte, one that was captured.
 */
@Timeout(120)
final class UnwrittenFlushTest {

  private static final int PAGE = 512;
  private static final String DIFFERS =
      "generation resumed: what differs from the state captured last is captured as one, since it"
          + " keeps no log";

  @TempDir Path folder;
  private Bench bench;
  private ScriptedReplica replica;
  private CommitPathDatabase database;
  private Replication stream;
  private int kills;

  @BeforeEach
  void begin() throws IOException {
    bench = new Bench();
    bench.syncInterval = Duration.ofHours(1); // what is in the log stays there
    replica = new ScriptedReplica();
  }

  @AfterEach
  void end() {
    bench.stop();
  }

  private Path shadow() {
    return folder.resolve("shadow" + kills);
  }

  private void open(int pages) throws IOException {
    byte[] file = new byte[pages * PAGE];
    new Random(pages).nextBytes(file);
    database = new CommitPathDatabase(PAGE, file);
    stream = bench.start(shadow(), database, replica);
    Bench.await("the snapshot from which every state is reached", () -> !replica.objects.isEmpty());
  }

  /** Goes on, after a kill, with what is in the shadow directory and the file. */
  private void killAndReopen(int unseen) throws IOException {
    Path before = shadow();
    kills++;
    ScriptedReplica left = new ScriptedReplica();
    replica.freeze.writeLock().lock();
    try {
      left.objects.putAll(replica.objects);
      CrashTest.copy(before, shadow());
    } finally {
      replica.freeze.writeLock().unlock();
    }
    CommitPathDatabase after = database.reopened(unseen);
    stream.close();
    replica = left;
    database = after;
    bench.events.clear();
    stream = bench.start(shadow(), database, replica);
  }

  /** Everything that can be restored is what was captured, up to the newest. */
  private void restoresExactly() throws Exception {
    database.commit(flush(Math.max(database.pages(), 1), 1));
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    assertThat(database.history.get(database.txId)).isEqualTo(database.file);
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
  }

  /** A flush of pages whose content is new each time. */
  private static Flush flush(int mark, long... ids) {
    TreeMap<Long, byte[]> pages = new TreeMap<>();
    for (long id : ids) {
      byte[] page = new byte[PAGE];
      new Random(System.nanoTime()).nextBytes(page);
      pages.put(id, page);
    }
    return new Flush(pages, mark);
  }

  /** Shows some file after a kill in the middle of a flush, and that the generation goes on. */
  private void goesOn(Flush last, byte[] file, int unseen) throws Exception {
    long lastTxId = database.txId + 1;
    database.capture(last);
    database.file = file;
    killAndReopen(unseen);
    assertThat(database.txId).isEqualTo(lastTxId + 1 + unseen);
    assertThat(bench.events).containsExactly(DIFFERS, caughtUp(lastTxId));
    restoresExactly();
  }

  /** The event that tells of exactly what differs from a captured state. */
  private String caughtUp(long lastTxId) {
    byte[] captured = Arrays.copyOf(database.history.get(lastTxId), database.file.length);
    int pages = 0;
    for (int at = 0; at < database.file.length; at += PAGE) {
      pages += Arrays.equals(captured, at, at + PAGE, database.file, at, at + PAGE) ? 0 : 1;
    }
    return "catch-up "
        + (lastTxId + 1)
        + "-"
        + database.txId
        + " "
        + pages
        + " pages "
        + pages * PAGE;
  }

  @Test
  void noneOfTheFlushIsInTheFile() throws Exception {
    open(10);
    database.commit(flush(10, 1, 5));
    goesOn(flush(10, 1, 2, 3, 7, 10), database.file, 0);
  }

  @Test
  void aTransactionWentByUnseen() throws Exception {
    open(10);
    goesOn(flush(10, 1, 2), database.file, 7);
  }

  @Test
  void theFlushIsTheFirstOfItsGeneration() throws Exception {
    open(3);
    goesOn(flush(6, 2, 5), database.file, 0);
  }

  @Test
  void aPageIsTorn() throws Exception {
    open(4);
    Flush last = flush(4, 2, 3);
    byte[] torn = database.file.clone();
    System.arraycopy(last.pages().get(2L), 0, torn, PAGE, 100);
    goesOn(last, torn, 0);
  }

  @Test
  void theTruncationDidNotReachTheFile() throws Exception {
    open(10);
    database.commit(flush(10, 9));
    goesOn(flush(4), database.file, 0);
  }

  @Test
  void theTruncationReachedTheFileInPart() throws Exception {
    open(10);
    goesOn(flush(4, 2), Arrays.copyOf(database.file, 7 * PAGE), 0);
  }

  @Test
  void theTruncationToNothingDidNotReachTheFile() throws Exception {
    open(10);
    goesOn(flush(0), database.file, 0);
  }

  @Test
  void theFileDidNotGrow() throws Exception {
    open(2);
    goesOn(flush(9, 1, 4, 9), database.file, 0);
  }

  @Test
  void theFileGrewInPart() throws Exception {
    open(2);
    Flush last = flush(9, 1, 4, 9);
    goesOn(last, Arrays.copyOf(database.applied(last), 5 * PAGE), 0);
  }

  @Test
  void theFileGrewAndNothingIsInIt() throws Exception {
    open(2);
    goesOn(flush(9, 4, 9), Arrays.copyOf(database.file, 9 * PAGE), 0);
  }

  @Test
  void anEmptyDatabaseGotItsFirstPages() throws Exception {
    open(0);
    goesOn(flush(3, 1, 3), database.file, 0);
  }

  @Test
  void pagesOfZerosWereToBeWritten() throws Exception {
    open(5);
    Flush last = new Flush(new TreeMap<>(Map.of(2L, new byte[PAGE], 7L, new byte[PAGE])), 8);
    goesOn(last, database.file, 0);
  }

  @Test
  void thePagesThatWereToBeCutOffAreZeros() throws Exception {
    open(2);
    database.commit(flush(8, 1)); // 3 to 8 are zeros
    goesOn(flush(3, 1), database.file, 0);
  }

  @Test
  void theFlushHasMorePagesThanAreReadAtOnce() throws Exception {
    bench.segmentLimit = 1 << 24;
    open(5000);
    long[] ids = new long[4500];
    Arrays.setAll(ids, i -> i < 2500 ? i + 1 : i + 301);
    goesOn(flush(5000, ids), database.file, 0);
  }

  @Test
  void theBaseIsTakenAtTheSecondAttempt() throws Exception {
    open(6);
    database.capture(flush(6, 2));
    database.unreadable = 2;
    killAndReopen(0);
    assertThat(database.unreadable).isZero();
    assertThat(bench.count("paused cannot take the database's base")).isEqualTo(1);
    assertThat(bench.count("capture recovered")).isEqualTo(1);
    assertThat(bench.count(DIFFERS)).isEqualTo(1);
    assertThat(bench.events).contains(caughtUp(1));
    assertThat(stream.status().captureFailures()).isEqualTo(2);
    restoresExactly();
  }

  @Test
  void aFlushThatTheSourceStillFindsComesAfterTheLastOne() throws Exception {
    open(6);
    database.capture(flush(6, 2));
    byte[] both = database.history.get(1L).clone();
    Flush found = flush(6, 3);
    System.arraycopy(found.pages().get(3L), 0, both, 2 * PAGE, PAGE);
    database.foundAtStart = found;
    killAndReopen(0);
    database.history.put(2L, both);
    assertThat(bench.events).containsExactly(DIFFERS, caughtUp(2));
    restoresExactly();
  }

  @Test
  void killedAgainAndAgain() throws Exception {
    open(6);
    for (int i = 0; i < 5; i++) {
      database.capture(flush(6 + i, 1, 3 + i));
      long lastTxId = database.txId;
      killAndReopen(i);
      assertThat(bench.events).containsExactly(DIFFERS, caughtUp(lastTxId));
    }
    restoresExactly();
  }

  @Test
  void aWholeFlushIsTheCapturedStateItself() throws Exception {
    open(6);
    database.commit(flush(6, 2));
    killAndReopen(0);
    assertThat(bench.events)
        .singleElement()
        .asString()
        .startsWith("generation resumed: the database's content is what was captured last");
    restoresExactly();
  }

  @Test
  void anotherPageDiffersByABit() throws Exception {
    open(6);
    byte[] file = database.file.clone();
    file[4 * PAGE] ^= 1;
    goesOn(flush(6, 1, 2), file, 0);
  }

  @Test
  void theFlushBeforeTheLastIsMissingToo() throws Exception {
    open(6);
    byte[] before = database.file;
    database.commit(flush(6, 4));
    goesOn(flush(6, 2), before, 0);
  }

  @Test
  void theFileIsLongerThanItEverWas() throws Exception {
    open(6);
    goesOn(flush(8, 7), Arrays.copyOf(database.file, 9 * PAGE), 0);
  }

  @Test
  void theFileIsShorterThanItEverWas() throws Exception {
    open(2);
    database.commit(flush(8, 1)); // 3 to 8 are zeros: the checksum would not see them go
    goesOn(flush(9, 1), Arrays.copyOf(database.file, 7 * PAGE), 0);
  }

  @Test
  void laterDoubtsAreJudgedByTheContentAlone() throws Exception {
    open(6);
    database.capture(flush(6, 2));
    killAndReopen(0);
    byte[] foreign = database.file.clone();
    foreign[PAGE] ^= 1; // in a page of the flush that was lacking
    database.file = foreign;
    bench.events.clear();
    database.lose();
    assertThat(bench.events).containsExactly("catch-up 3-3 1 pages " + PAGE);
    restoresExactly();
  }

  @Test
  void anyCrashAndAnyForeignChange() throws Exception {
    for (int run = 0; run < Bench.rounds(12, 3000); run++) {
      long seed = Bench.seed(run);
      Random random = new Random(seed);
      folder = Files.createDirectory(folder.resolve("run" + run));
      bench.syncInterval = random.nextBoolean() ? Duration.ofHours(1) : Duration.ofMillis(5);
      bench.segmentLimit = random.nextBoolean() ? 1 << 20 : 6_000;
      replica = new ScriptedReplica();
      kills = 0;
      open(random.nextInt(12));
      for (int kill = 0; kill < 3; kill++) {
        for (int i = random.nextInt(12); i > 0; i--) {
          database.commit(database.random(random));
        }
        crash(random, seed);
      }
      database.commit(database.random(random));
      stream.sync(Bench.SOON);
      assertThat(stream.close()).as("seed %d", seed).isEmpty();
      assertThat(PlainRestore.provesAll(replica, database.history))
          .as("seed %d", seed)
          .isEqualTo(database.txId);
      folder = folder.getParent();
    }
  }

  private void crash(Random random, long seed) throws IOException {
    Flush last = database.random(random);
    int before = database.pages();
    database.capture(last);
    long lastTxId = database.txId;
    byte[] captured = database.history.get(lastTxId);
    database.writePart(last, random);
    if (random.nextInt(3) == 0) {
      interfere(last, before, random);
    }
    killAndReopen(random.nextInt(3));
    String event = bench.events.get(0);
    String as = "seed " + seed + " at transaction " + lastTxId;
    if (Arrays.equals(captured, database.file)) {
      assertThat(event).as(as).startsWith("generation resumed: the database's content is what");
    } else {
      assertThat(bench.events.subList(0, 2)).as(as).containsExactly(DIFFERS, caughtUp(lastTxId));
    }
  }

  /** Changes what the flush would not have: a page, or the size beyond both of its sizes. */
  private void interfere(Flush last, int before, Random random) {
    int kind = random.nextInt(4);
    int least = Math.min(before, last.mark());
    int most = Math.max(before, last.mark());
    if (kind == 0) {
      database.file = Arrays.copyOf(database.file, (most + 1 + random.nextInt(3)) * PAGE);
      return;
    }
    if (kind == 1 && least > 0) {
      database.file = Arrays.copyOf(database.file, random.nextInt(least) * PAGE);
      return;
    }
    List<Long> others =
        Stream.iterate(1L, id -> id <= least, id -> id + 1)
            .filter(id -> !last.pages().containsKey(id))
            .toList();
    if (others.isEmpty()) {
      return;
    }
    byte[] changed = database.file.clone();
    long page = others.get(random.nextInt(others.size()));
    changed[(int) (page - 1) * PAGE + random.nextInt(PAGE)] ^= (byte) (1 << random.nextInt(8));
    database.file = changed;
  }
}
