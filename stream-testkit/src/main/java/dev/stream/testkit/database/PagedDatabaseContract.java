package dev.stream.testkit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every paged database must do: the promises of {@link PagedDatabase}, its observer and its
 * images, as tests. A source extends this class and supplies a {@link DatabaseHarness}.
 */
@Timeout(300)
public abstract class PagedDatabaseContract {

  private final List<PagedDatabase> opened = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private DatabaseHarness harness;

  @SuppressWarnings("NullAway.Init")
  private Random random;

  /** For subclasses. */
  protected PagedDatabaseContract() {}

  /** Makes a new database, with something in it; called once per test. The contract closes it. */
  protected abstract DatabaseHarness createDatabase() throws Exception;

  /** How many random commits a test makes. */
  protected int commits() {
    return TestRun.rounds(30, 1000);
  }

  @BeforeEach
  void create() throws Exception {
    random = TestRun.random(getClass().getName());
    harness = createDatabase();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (PagedDatabase database : opened) {
      database.close();
    }
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void theDatabaseIsDescribed() throws Exception {
    PagedDatabase database = open();
    assertThat(database.info().type()).matches("[a-z][a-z0-9-]*");
    assertThat(database.info().path()).isNotNull();
    assertThat(database.info().engine()).isNotBlank();
    database.close();
    database.close();
  }

  @Test
  void theBaseIsDeliveredAtStart() throws Exception {
    byte[] before = harness.image();
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    start(null, replay);
    assertThat(replay.bases()).hasSize(1);
    assertThat(replay.bases().get(0).proven()).as("proven without a resume position").isFalse();
    assertThat(replay.bytes()).as("bytes of the base").isEqualTo(before);
  }

  @Test
  void flushesReproduceTheDatabaseAfterEverySync() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    for (int i = 0; i < commits(); i++) {
      harness.commit(random);
      if (random.nextInt(4) == 0) {
        assertSynced(database, replay);
      }
    }
    assertSynced(database, replay);
    assertThat(replay.bases()).as("bases without a break").hasSize(1);
    assertThat(replay.flushes()).isPositive();
  }

  @Test
  void syncWithoutCommitsChangesNothing() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    harness.commit(random);
    database.sync();
    long txId = replay.txId();
    database.sync();
    assertSynced(database, replay);
    assertThat(replay.txId()).isEqualTo(txId);
  }

  @Test
  void aSnapshotIsTheReplayedStateWhileOthersWrite() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Random writing = new Random(random.nextLong());
      Future<Integer> writer =
          executor.submit(
              () -> {
                int count = 0;
                while (!enough.get() || count < commits()) {
                  harness.commit(writing);
                  count++;
                }
                return count;
              });
      try {
        for (int i = 0; i < TestRun.rounds(10, 200); i++) {
          replay.assertMatches(database.snapshot());
        }
      } finally {
        enough.set(true);
      }
      writer.get(120, TimeUnit.SECONDS);
    } finally {
      executor.shutdownNow();
    }
    assertSynced(database, replay);
  }

  @Test
  void aSnapshotStaysAsItIsWhileTheDatabaseMovesOn() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    harness.commit(random);
    DatabaseImage image = database.snapshot();
    assertThat(image.txId()).isEqualTo(replay.txId());
    assertThat(replay.bytes()).isEqualTo(harness.image());
    for (int i = 0; i < commits(); i++) {
      harness.commit(random);
    }
    database.sync();
    assertThat(image.heldBytes()).as("what the image costs").isNotNegative();
    replay.assertMatches(image);
    image.close();
    assertSynced(database, replay);
  }

  @Test
  void closeDeliversWhatIsCommittedAndMayBeRepeated() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    for (int i = 0; i < 5; i++) {
      harness.commit(random);
    }
    byte[] expected = harness.image();
    database.close();
    database.close();
    assertThat(replay.bytes()).isEqualTo(expected);
  }

  @Test
  void aCaptureResumesOrSaysThatItLost() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    @Nullable ResumePosition position = null;
    for (int round = 0; round < TestRun.rounds(6, 60); round++) {
      int bases = replay.bases().size(); // a doubt may have begun one while it ran
      PagedDatabase database = start(position, replay);
      assertThat(replay.bases()).hasSize(bases + 1);
      assertThat(replay.bytes()).as("bytes after start " + round).isEqualTo(harness.image());
      commitSome();
      assertSynced(database, replay);
      database.close();
      position = replay.resumePosition();
      if (random.nextBoolean()) {
        // What was committed while nobody looked is delivered, or the position is lost.
        commitSome();
      }
    }
  }

  @Test
  void anEarlierPositionYieldsAllThatFollowedOrIsLost() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    commitSome();
    database.sync();
    ReplayedDatabase earlier = replay.copy();
    for (int i = 0; i < commits(); i++) {
      harness.commit(random);
    }
    database.close();
    database = start(earlier.resumePosition(), earlier);
    assertThat(earlier.bytes()).isEqualTo(harness.image());
    commitSome();
    assertSynced(database, earlier);
  }

  @Test
  void anUnknownPositionIsLost() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    commitSome();
    database.close();
    ResumePosition known = Objects.requireNonNull(replay.resumePosition());
    for (String token : List.of("", "no such position", known.token() + "x")) {
      ReplayedDatabase again = replay.copy();
      database = start(new ResumePosition(known.txId(), token), again);
      assertThat(again.bases()).hasSize(1);
      assertThat(again.bases().get(0).proven()).as("proven from '" + token + "'").isFalse();
      assertThat(again.bytes()).isEqualTo(harness.image());
      commitSome();
      assertSynced(database, again);
      database.close();
    }
  }

  @Test
  void aBrokenContinuityIsNoticed() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    commitSome();
    database.close();
    assumeTrue(harness.breakContinuity(), "this harness cannot break continuity");
    database = start(replay.resumePosition(), replay);
    assertThat(replay.bases()).hasSize(2);
    assertThat(replay.bases().get(1).proven()).isFalse();
    commitSome();
    assertSynced(database, replay);
  }

  @Test
  void aCrashedCaptureResumesOrSaysThatItLost() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    @Nullable ResumePosition position = null;
    for (int round = 0; round < TestRun.rounds(5, 50); round++) {
      PagedDatabase database = start(position, replay);
      assertThat(replay.bytes()).as("bytes after start " + round).isEqualTo(harness.image());
      commitSome();
      if (random.nextBoolean()) {
        database.sync();
        commitSome();
      }
      assumeTrue(harness.crash(database), "this harness cannot crash a capture");
      position = replay.resumePosition();
    }
  }

  @Test
  void whatTheObserverRefusedIsDeliveredAgain() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    PagedDatabase database = start(null, replay);
    for (int i = 0; i < commits(); i++) {
      if (random.nextInt(5) == 0) {
        replay.failNextFlushes(1 + random.nextInt(2));
      }
      commitAlthoughRefused(replay);
      if (random.nextBoolean()) {
        syncAtLast(database, replay);
        assertThat(replay.bytes()).isEqualTo(harness.image());
      }
    }
    syncAtLast(database, replay);
    assertThat(replay.bytes()).isEqualTo(harness.image());
  }

  @Test
  void aRefusedBaseIsDeliveredAgainOrFailsTheStart() throws Exception {
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    replay.failNextBases(1);
    PagedDatabase database = open();
    try {
      database.start(null, replay);
    } catch (IOException e) {
      assertThat(replay.failuresLeft()).as("failed before the base: " + e).isZero();
      database.close();
      database = start(null, replay);
    }
    syncAtLast(database, replay);
    commitSome();
    assertSynced(database, replay);
  }

  /** A source in the commit path may hand the observer's failure to the writer. */
  private void commitAlthoughRefused(ReplayedDatabase replay) throws Exception {
    int failures = replay.failuresLeft();
    try {
      harness.commit(random);
    } catch (Exception e) {
      if (replay.failuresLeft() == failures) {
        throw e;
      }
    }
  }

  /** Each failure that was asked for may fail one sync. */
  private static void syncAtLast(PagedDatabase database, ReplayedDatabase replay)
      throws IOException {
    while (true) {
      int failures = replay.failuresLeft();
      try {
        database.sync();
        replay.assertSound();
        return;
      } catch (IOException e) {
        if (replay.failuresLeft() == failures) {
          throw e;
        }
      }
    }
  }

  private void assertSynced(PagedDatabase database, ReplayedDatabase replay) throws Exception {
    database.sync();
    assertThat(replay.bytes())
        .as("replayed bytes after sync, seed " + TestRun.seed())
        .isEqualTo(harness.image());
    replay.assertMatches(database.snapshot());
  }

  private void commitSome() throws Exception {
    for (int i = random.nextInt(4); i >= 0; i--) {
      harness.commit(random);
    }
  }

  private PagedDatabase open() throws Exception {
    PagedDatabase database = harness.open();
    opened.add(database);
    return database;
  }

  private PagedDatabase start(@Nullable ResumePosition resume, ReplayedDatabase replay)
      throws Exception {
    PagedDatabase database = open();
    database.start(resume, replay);
    replay.assertSound();
    return database;
  }
}
