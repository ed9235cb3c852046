package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.CatchUpMark;
import dev.stream.core.state.RestoreTarget.Moment;
import dev.stream.core.status.CatchUp;
import dev.stream.core.timeline.Timeline;
import dev.stream.core.timeline.TimelineAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A doubt costs what changed. */
final class CatchUpTest {

  private static final int PAGE = 512;

  @TempDir Path folder;
  private final Bench bench = new Bench();
  private final ScriptedReplica replica = new ScriptedReplica();

  CatchUpTest() throws Exception {}

  @AfterEach
  void stop() {
    bench.stop();
  }

  @Test
  void aDoubtIsClosedByASegmentOfExactlyWhatDiffers() throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    byte[] bytes = new byte[1000 * PAGE];
    new Random(1).nextBytes(bytes);
    database.put(bytes);
    stream.sync(Bench.SOON);
    bench.now = bench.now.plusSeconds(7);
    bytes = database.bytes(); // two commits that nobody sees: pages 3, 4 and 900 differ at the end
    bytes[2 * PAGE]++;
    bytes[899 * PAGE + 1]++;
    database.put(bytes.clone());
    bytes[3 * PAGE]++;
    database.put(bytes);
    database.lose("the log was restarted by somebody else");
    database.commit();
    stream.sync(Bench.SOON);
    GenerationListing only = only();
    assertThat(only.snapshots()).hasSize(1);
    SegmentDescriptor caughtUp = segmentTo(only, 4);
    ArtefactHeader header = PlainRestore.header(replica, caughtUp);
    assertThat(header.pageCount()).isEqualTo(3);
    assertThat(header.parentTxId()).isEqualTo(1);
    assertThat(header.catchUp())
        .isEqualTo(
            new CatchUpMark(
                "the log was restarted by somebody else", bench.now.minusSeconds(7), 2, 4, 1));
    assertThat(caughtUp.size()).isLessThan(3 * PAGE + 1000);
    assertThat(PlainRestore.header(replica, segmentTo(only, 1)).catchUp()).isNull();
    assertThat(PlainRestore.header(replica, segmentTo(only, 5)).catchUp()).isNull();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(5);
    assertThat(bench.count("generation")).isEqualTo(1);
    assertThat(bench.events).contains("catch-up 2-4 3 pages " + 3 * PAGE);
    assertThat(stream.status().lastCatchUp())
        .isEqualTo(
            new CatchUp(
                only.id().value(),
                "the log was restarted by somebody else",
                bench.now.minusSeconds(7),
                bench.now,
                2,
                4,
                3,
                3L * PAGE));
    ReplicaArchive archive = new ReplicaArchive(replica);
    Timeline timeline = Timeline.of(archive, archive.list());
    TimelineAnswer meanwhile = timeline.at(new Moment(null, bench.now.minusSeconds(3)));
    assertThat(meanwhile.state().txId()).isEqualTo(1);
    assertThat(meanwhile.after().txId()).isEqualTo(4);
    assertThat(meanwhile.unseen()).isEqualTo(header.catchUp());
    assertThat(timeline.at(new Moment(null, bench.now.minusSeconds(8))).unseen()).isNull();
    assertThat(timeline.catchUps(only.id())).hasValue(1);
    assertThat(stream.close()).isEmpty();
  }

  @Test
  void aDoubtOfWhichNothingCameIsNoCatchUp() throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    database.commit();
    stream.sync(Bench.SOON);
    int listings = replica.listings.get();
    for (int i = 0; i < 5; i++) {
      database.lose("it was let go of");
      stream.sync(Bench.SOON);
    }
    assertThat(replica.listings.get()).isEqualTo(listings);
    assertThat(bench.count("generation")).isEqualTo(1);
    assertThat(bench.count("catch-up")).isZero();
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    assertThat(only().segments()).allMatch(segment -> mark(segment) == null);
  }

  @Test
  void whatCouldNotBeCaughtUpIsTakenLaterAsWhatItIsThen() throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    database.put(new byte[20 * PAGE]);
    stream.sync(Bench.SOON);
    byte[] before = database.bytes();
    byte[] hidden = before.clone();
    hidden[5 * PAGE] = 1;
    database.put(hidden);
    database.failingReads = 1; // the scan goes well, the capture of what differs does not
    assertThatThrownBy(() -> database.lose("first")).isInstanceOf(IOException.class);
    assertThat(stream.status().capturing()).isFalse();
    database.put(before); // now nothing differs any more
    database.lose("second");
    database.commit();
    stream.sync(Bench.SOON);
    assertThat(stream.status().capturing()).isTrue();
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    assertThat(only().segments()).allMatch(segment -> mark(segment) == null);
  }

  @Test
  void mergedSegmentsTellOfTheCatchUpsInThem() throws Exception {
    bench.compaction = List.of(Duration.ofSeconds(10));
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    long lastCaughtUp = 0;
    for (int i = 0; i < 12; i++) {
      database.commit();
      database.deliver();
      if (i % 4 == 1) {
        bench.now = bench.now.plusMillis(10);
        byte[] unseen = database.bytes();
        unseen[0]++;
        database.put(unseen);
        database.lose("doubt " + i);
        lastCaughtUp = database.txId;
      }
      stream.sync(Bench.SOON);
    }
    bench.now = bench.now.plusSeconds(60);
    database.commit();
    stream.sync(Bench.SOON);
    Bench.await(
        "merged",
        () -> only().segments().stream().anyMatch(s -> s.level() == 1 && s.lastTxId() > 12));
    SegmentDescriptor merged =
        only().segments().stream()
            .filter(segment -> segment.level() == 1)
            .findFirst()
            .orElseThrow();
    CatchUpMark mark = PlainRestore.header(replica, merged).catchUp();
    assertThat(mark).isNotNull();
    assertThat(mark.reason()).isEqualTo("doubt 9");
    assertThat(mark.count()).isEqualTo(3);
    assertThat(mark.txId()).isEqualTo(lastCaughtUp);
    assertThat(mark.firstTxId()).isEqualTo(lastCaughtUp - 1);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void everyStateIsTheModelsWhateverIsMissed() throws Exception {
    for (int run = 0; run < Bench.rounds(15, 1000); run++) {
      long seed = Bench.seed(run);
      Random random = new Random(seed);
      bench.segmentLimit = 1L + random.nextInt(30_000);
      if (run % 3 == 2) {
        bench.compaction = List.of(Duration.ofMillis(50), Duration.ofMillis(200));
      }
      ModelDatabase database = new ModelDatabase(PAGE << random.nextInt(3), seed);
      ScriptedReplica target = new ScriptedReplica();
      Replication stream = bench.start(folder.resolve("s" + run), database, target);
      int doubts = 0;
      for (int i = 0; i < 100; i++) {
        database.commit();
        bench.now = bench.now.plusMillis(random.nextInt(40));
        switch (random.nextInt(8)) {
          case 0 -> {
            for (int more = random.nextInt(4); more > 0; more--) {
              database.commit();
            }
            if (random.nextInt(4) == 0) {
              database.failingReads = 1 + random.nextInt(2);
            }
            doubts += lose(database) ? 1 : 0;
            database.failingReads = 0;
          }
          case 1 -> stream.snapshotNow();
          case 2 -> stream.sync(Bench.SOON);
          case 3 -> {} // seen together with the next one
          default -> database.deliver();
        }
      }
      stream.sync(Bench.SOON);
      assertThat(stream.dataLossWindow()).isZero();
      assertThat(stream.close()).isEmpty();
      assertThat(PlainRestore.provesAll(target, database.history)).isEqualTo(database.txId);
      assertThat(PlainRestore.listing(target).generations()).hasSize(1);
      assertThat(doubts).isPositive();
    }
  }

  private static boolean lose(ModelDatabase database) {
    try {
      database.lose("the model lost it");
      return true;
    } catch (IOException e) {
      return false; // it is still due
    }
  }

  @Test
  void aFailedSelfCheckIsCaughtUpAndProvenAnew() throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, 7);
    bench.sleeper = Bench.SHORT_PAUSES;
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    byte[] first = new byte[40 * PAGE];
    new Random(3).nextBytes(first);
    database.put(first);
    stream.sync(Bench.SOON);
    database.hideNextPage = true; // the source forgets a page
    byte[] second = first.clone();
    second[8 * PAGE]++;
    database.put(second);
    stream.sync(Bench.SOON);
    stream.snapshotNow();
    Bench.await("self-check", () -> bench.count("catch-up 3-3 1 pages") == 1);
    database.commit();
    stream.sync(Bench.SOON);
    Bench.await("a snapshot of what is right", () -> only().snapshots().size() == 2);
    assertThat(stream.close()).isEmpty();
    TreeMap<Long, byte[]> captured = new TreeMap<>();
    database.history.forEach((txId, bytes) -> captured.put(txId < 2 ? txId : txId + 1, bytes));
    captured.put(2L, first); // without the page
    assertThat(PlainRestore.provesAll(replica, captured)).isEqualTo(database.txId + 1);
    assertThat(mark(segmentTo(only(), 3)).reason()).startsWith("the self-check at transaction 2");
    // At the next start the source goes on from what is captured.
    ModelDatabase again = new ModelDatabase(PAGE, 8);
    again.history.putAll(captured);
    again.put(database.bytes());
    again.txId = captured.lastKey();
    again.history.put(again.txId, database.bytes());
    bench.start(folder.resolve("s"), again, replica).close();
    assertThat(bench.count("generation resumed: the model remembers")).isEqualTo(1);
  }

  private GenerationListing only() {
    List<GenerationListing> all = PlainRestore.listing(replica).generations();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private CatchUpMark mark(SegmentDescriptor segment) {
    try {
      return PlainRestore.header(replica, segment).catchUp();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static SegmentDescriptor segmentTo(GenerationListing generation, long txId) {
    List<SegmentDescriptor> found = new ArrayList<>(generation.segments());
    found.removeIf(segment -> segment.lastTxId() != txId);
    assertThat(found).as("segments that end at " + txId).hasSize(1);
    return found.get(0);
  }
}
