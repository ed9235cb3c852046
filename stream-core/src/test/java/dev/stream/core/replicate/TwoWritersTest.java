package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.shadow.LineageMark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two Streams that write to one replica: the one that meets the other stops, and says so. */
@Timeout(300)
final class TwoWritersTest {

  private static final int PAGE = 512;

  @TempDir Path folder;
  private final Bench bench = new Bench();
  private final ScriptedReplica replica = new ScriptedReplica();

  TwoWritersTest() throws Exception {}

  @AfterEach
  void stop() {
    bench.stop();
  }

  /** Lets the next second's look of the audit ask for a listing. */
  private void look() {
    bench.now = bench.now.plus(bench.checkInterval);
  }

  private static ModelDatabase copy(ModelDatabase database, long seed) {
    ModelDatabase copy = new ModelDatabase(PAGE, seed);
    copy.put(database.bytes());
    return copy;
  }

  private static boolean isTold(Replication stream) {
    return stream.status().problems().toString().contains("another Stream writes to replica r0");
  }

  @Test
  void theOneThatWasTakenOverStopsAndNeverAnswers() throws Exception {
    bench.sleeper = Bench.SHORT_PAUSES;
    ModelDatabase first = new ModelDatabase(PAGE, Bench.seed(0));
    first.commit();
    Replication old = bench.start(folder.resolve("a"), first, replica);
    old.sync(Bench.SOON);
    ModelDatabase second = copy(first, 1);
    bench.now = bench.now.plusSeconds(1);
    Replication taker = bench.start(folder.resolve("b"), second, replica);
    second.commit();
    taker.sync(Bench.SOON);
    look();
    Bench.await("the first is told", () -> isTold(old));
    Map<?, ?> before = new TreeMap<>(replica.objects);
    int listings = replica.listings.get();
    first.commit();
    first.deliver();
    Bench.await("it looks again and again", () -> replica.listings.get() > listings + 10);
    assertThat(replica.objects.keySet()).isEqualTo(before.keySet());
    assertThat(PlainRestore.newest(replica)).isEqualTo(second.bytes());
    assertThat(isTold(taker)).isFalse();
    assertThat(bench.count("held back r0")).isEqualTo(1);
    assertThat(old.close()).isNotEmpty();
    assertThat(taker.close()).isEmpty();
  }

  @Test
  void anOperatorMayLetItGoOnAboveTheOther() throws Exception {
    bench.sleeper = Bench.SHORT_PAUSES;
    ModelDatabase first = new ModelDatabase(PAGE, Bench.seed(0));
    first.commit();
    Replication old = bench.start(folder.resolve("a"), first, replica);
    old.sync(Bench.SOON);
    bench.now = bench.now.plusSeconds(1);
    ModelDatabase second = copy(first, 1);
    Replication taker = bench.start(folder.resolve("b"), second, replica);
    taker.sync(Bench.SOON);
    look();
    Bench.await("the first is told", () -> isTold(old));
    Files.createFile(folder.resolve("a").resolve(LineageMark.ACCEPT));
    first.commit();
    old.sync(Bench.SOON);
    assertThat(PlainRestore.newest(replica)).isEqualTo(first.bytes());
    look();
    Bench.await("now it is the other that stops", () -> isTold(taker));
    assertThat(PlainRestore.listing(replica).generations()).hasSize(3);
    assertThat(isTold(old)).isFalse();
  }

  @Test
  void aMachineThatIsSetBackStopsAtTheTransactionsThatItDoesNotKnow() throws Exception {
    bench.closeTimeout = Duration.ofMillis(10);
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    database.commit();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    stream.sync(Bench.SOON);
    stream.close();
    copyTree(folder.resolve("s"), folder.resolve("kept"));
    ModelDatabase setBack = database.reopened();
    ModelDatabase goesOn = database.reopened();
    stream = bench.start(folder.resolve("s"), goesOn, replica);
    goesOn.commit();
    stream.sync(Bench.SOON);
    stream.close();
    Map<?, ?> before = new TreeMap<>(replica.objects);
    deleteTree(folder.resolve("s"));
    copyTree(folder.resolve("kept"), folder.resolve("s"));
    Replication old = bench.start(folder.resolve("s"), setBack, replica);
    setBack.commit();
    setBack.deliver();
    Bench.await("told", () -> isTold(old));
    old.close();
    assertThat(replica.objects.keySet()).isEqualTo(before.keySet());
  }

  @Test
  void aCopyOfAShadowDirectoryWritesAGenerationOfItsOwnUnlessItIsBehind() throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    database.commit();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    copyTree(folder.resolve("s"), folder.resolve("copy"));
    copyTree(folder.resolve("s"), folder.resolve("late"));
    ModelDatabase moved = database.reopened();
    ModelDatabase late = database.reopened();
    bench.now = bench.now.plusSeconds(1);
    stream = bench.start(folder.resolve("copy"), moved, replica);
    moved.commit();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.listing(replica).generations()).hasSize(2);
    assertThat(PlainRestore.newest(replica)).isEqualTo(moved.bytes());
    assertThatThrownBy(() -> bench.start(folder.resolve("late"), late, replica))
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("is a copy");
    assertThat(PlainRestore.listing(replica).generations()).hasSize(2);
  }

  @Test
  void anArtefactOfAnotherUnderOurNameEndsTheUploadAndStays() throws Exception {
    bench.sleeper = Bench.SHORT_PAUSES;
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    database.commit();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    stream.sync(Bench.SOON);
    GenerationListing line = PlainRestore.listing(replica).generations().get(0);
    byte[] theirs = foreignArtefact();
    ObjectKey key = ArtefactKeys.segment(line.id(), 0, database.txId + 1, database.txId + 1);
    replica.objects.put(key, theirs);
    database.commit();
    database.deliver();
    Bench.await("told", () -> isTold(stream));
    assertThat(replica.objects.get(key)).isEqualTo(theirs);
    Bench.await("the listener, too", () -> bench.count("held back r0") == 1);
    Files.createFile(folder.resolve("s").resolve(LineageMark.ACCEPT));
    stream.sync(Bench.SOON);
    assertThat(PlainRestore.newest(replica)).isEqualTo(database.bytes());
    assertThat(stream.close()).isEmpty();
  }

  @Test
  void whatIsThereAlreadyAfterALostAnswerIsOurs() throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    replica.losesAnswers = true;
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    for (int i = 0; i < 5; i++) {
      database.commit();
      stream.sync(Bench.SOON);
    }
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    assertThat(bench.count("held back")).isZero();
    assertThat(stream.close()).isEmpty();
  }

  /** A snapshot that another Stream wrote. */
  private byte[] foreignArtefact() throws Exception {
    ScriptedReplica other = new ScriptedReplica();
    ModelDatabase database = new ModelDatabase(PAGE, 5);
    database.commit();
    Replication stream = bench.start(folder.resolve("other"), database, other);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    return other.objects.firstEntry().getValue();
  }

  private static void copyTree(Path from, Path to) throws Exception {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        if (!Files.isDirectory(to.resolve(from.relativize(file)))) {
          Files.copy(file, to.resolve(from.relativize(file)));
        }
      }
    }
  }

  /** All that is in it, so that the folder itself is the same one. */
  private static void deleteTree(Path tree) throws Exception {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(tree)) {
          Files.delete(file);
        }
      }
    }
  }

  /** By seed: who takes over when, who goes on unaware, who looks. */
  @Test
  void noRestoreMixesTwoLines() throws Exception {
    long seed = Bench.seed(0);
    for (int round = 0; round < Bench.rounds(6, 100); round++) {
      Bench one = new Bench();
      one.sleeper = Bench.SHORT_PAUSES;
      one.closeTimeout = Duration.ofMillis(10);
      try {
        play(one, new Random(seed + round), folder.resolve("round" + round), seed + round);
      } finally {
        one.stop();
      }
    }
  }

  private void play(Bench one, Random random, Path shadows, long seed) throws Exception {
    ScriptedReplica store = new ScriptedReplica();
    ModelDatabase[] databases = new ModelDatabase[3];
    Replication[] streams = new Replication[3];
    databases[0] = new ModelDatabase(PAGE, random.nextLong());
    databases[0].commit();
    streams[0] = one.start(shadows.resolve("0"), databases[0], store);
    streams[0].sync(Bench.SOON);
    int current = 0;
    for (int step = 0; step < 12; step++) {
      int who = random.nextInt(current + 1);
      databases[who].commit();
      databases[who].deliver();
      if (who == current) {
        streams[who].sync(Bench.SOON);
      }
      if (current < 2 && random.nextInt(3) == 0) {
        streams[current].sync(Bench.SOON);
        one.now = one.now.plusSeconds(1);
        ModelDatabase taken = new ModelDatabase(PAGE, random.nextLong());
        taken.put(PlainRestore.newest(store));
        current++;
        databases[current] = taken;
        streams[current] = one.start(shadows.resolve("" + current), taken, store);
        streams[current].sync(Bench.SOON);
        one.now = one.now.plus(one.checkInterval);
        for (int former = 0; former < current; former++) {
          Replication loser = streams[former];
          Bench.await("told, seed " + seed, () -> isTold(loser));
        }
      }
    }
    streams[current].sync(Bench.SOON);
    assertThat(PlainRestore.newest(store))
        .as("seed %d", seed)
        .isEqualTo(databases[current].bytes());
    assertThat(PlainRestore.listing(store).generations()).as("seed %d", seed).hasSize(current + 1);
    for (int i = 0; i <= current; i++) {
      GenerationListing line = PlainRestore.listing(store).generations().get(i);
      assertThat(PlainRestore.proves(store, line, databases[i].history))
          .as("seed %d, line %d", seed, i)
          .isNotNegative();
    }
  }
}
