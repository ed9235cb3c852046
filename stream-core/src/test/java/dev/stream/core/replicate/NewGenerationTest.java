package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.guard.StartRules;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.state.RestoreTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a database may become the newest state of. */
final class NewGenerationTest {

  private static final int PAGE = 512;

  @TempDir Path folder;
  private final Bench bench = new Bench();
  private final ScriptedReplica replica = new ScriptedReplica();

  NewGenerationTest() throws Exception {}

  @AfterEach
  void stop() {
    bench.stop();
  }

  @Test
  void aDatabaseThatEqualsWhatAReplicaHoldsTakesOverInAGenerationOfItsOwn() throws Exception {
    ModelDatabase database = replicated(20);
    ModelDatabase restored = restored(database);
    Replication stream = bench.start(folder.resolve("other"), restored, replica);
    assertThat(bench.count("generation taken over: the database's content")).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      restored.commit();
      restored.deliver();
    }
    assertThat(stream.close()).isEmpty();
    assertThat(generations()).hasSize(2);
    assertThat(PlainRestore.newest(replica)).isEqualTo(restored.bytes());
  }

  @Test
  void takingOverFromAReplicaSurvivesARestart() throws Exception {
    ModelDatabase database = replicated(5);
    ModelDatabase restored = restored(database);
    for (int run = 0; run < 3; run++) {
      Replication stream = bench.start(folder.resolve("other"), restored, replica);
      if (run == 1) {
        restored.commit();
      }
      assertThat(stream.close()).isEmpty();
      restored = restored.reopened();
    }
    assertThat(generations()).hasSize(2);
  }

  @Test
  void aReplicaThatLagsBehindTheOneThatIsTakenOverGetsASnapshot() throws Exception {
    ModelDatabase database = replicated(5);
    ScriptedReplica lagging = new ScriptedReplica();
    lagging.objects.putAll(replica.objects);
    List<ObjectKey> segments =
        lagging.objects.keySet().stream().filter(key -> key.value().contains("/0/")).toList();
    lagging.objects.remove(segments.get(segments.size() - 1));
    ModelDatabase restored = restored(database);
    Replication stream = bench.start(folder.resolve("other"), restored, lagging, replica);
    restored.commit();
    Bench.await("a snapshot", () -> PlainRestore.listing(lagging).generations().size() == 2);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(RestorePlanner.plan(PlainRestore.listing(lagging), RestoreTarget.NEWEST))
        .isInstanceOfSatisfying(
            RestorePlan.class, plan -> assertThat(plan.txId()).isEqualTo(restored.txId));
    assertThat(generations()).hasSize(2);
  }

  @Test
  void anotherDatabaseIsRefusedAndChangesNothing() throws Exception {
    replicated(20);
    Map<ObjectKey, byte[]> before = new TreeMap<>(replica.objects);
    for (int pages : new int[] {0, 1, 300}) {
      ModelDatabase other = ofPages(pages);
      assertThatThrownBy(() -> bench.start(folder.resolve("new" + pages), other, replica))
          .isInstanceOf(NewGenerationRefusedException.class)
          .hasMessageContaining("model.db")
          .hasMessageContaining("replica r0 holds generation " + generations()[0].id())
          .hasMessageContaining("stream restore")
          .hasMessageContaining("--accept-new-generation")
          .hasMessageContaining(LineageMark.ACCEPT);
    }
    assertThat(replica.objects).containsExactlyEntriesOf(before);
  }

  @Test
  void whatIsAcceptedBeginsBesideWhatIsThere() throws Exception {
    ModelDatabase database = replicated(20);
    ModelDatabase other = ofPages(3);
    bench.rules = new StartRules(true, null, false);
    Replication stream = bench.start(folder.resolve("new"), other, replica);
    stream.sync(Bench.SOON);
    stream.close();
    assertThat(generations()).hasSize(2);
    other.history.putAll(database.history);
    bench.rules = new StartRules(false, null, false);
    ModelDatabase again = other.reopened(); // from here on it is known
    again.commitContent();
    again.proves = false;
    stream = bench.start(folder.resolve("new"), again, replica);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(bench.count("catch-up")).isEqualTo(1);
    assertThat(generations()).hasSize(2);
  }

  @Test
  void aFileInTheShadowDirectoryAcceptsOnce() throws Exception {
    replicated(20);
    Path shadow = folder.resolve("new");
    Files.createDirectories(shadow);
    Path accept = Files.createFile(shadow.resolve(LineageMark.ACCEPT));
    Replication stream = bench.start(shadow, ofPages(3), replica);
    assertThat(stream.close()).isEmpty();
    assertThat(generations()).hasSize(2);
    assertThat(accept).doesNotExist();
    assertThatThrownBy(() -> bench.start(folder.resolve("newer"), ofPages(4), replica))
        .isInstanceOf(NewGenerationRefusedException.class);
  }

  @Test
  void aReplicaThatCouldNotBeAskedIsNotTouchedAlsoAfterRestartsUntilAccepted() throws Exception {
    ModelDatabase database = replicated(20);
    Map<ObjectKey, byte[]> before = new TreeMap<>(replica.objects);
    ScriptedReplica fresh = new ScriptedReplica();
    ModelDatabase other = ofPages(3);
    Path shadow = folder.resolve("new");
    bench.closeTimeout = Duration.ofMillis(10);
    bench.now = bench.now.plusSeconds(1); // a generation of this moment sorts after the old one
    for (int run = 0; run < 2; run++) {
      replica.failure = run == 0 ? Reason.UNAVAILABLE : null;
      Replication stream = bench.start(shadow, other, fresh, replica);
      other.commit();
      Bench.await("the fresh one has it", () -> stream.dataLossWindow("r0").isZero());
      replica.failure = null;
      Bench.await(
          "refused",
          () -> {
            String error = stream.status().replicas().get(1).lastError();
            return error != null && error.contains("--accept-new-generation");
          });
      bench.now = bench.now.plusSeconds(60);
      assertThat(stream.dataLossWindow("r1")).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
      stream.close();
      other = other.reopened();
    }
    assertThat(replica.objects).containsExactlyEntriesOf(before);
    bench.rules = new StartRules(true, null, false);
    bench.closeTimeout = Bench.SOON;
    Replication stream = bench.start(shadow, other, fresh, replica);
    stream.sync(Bench.SOON);
    stream.close();
    assertThat(generations()).hasSize(2);
    other.history.putAll(database.history);
  }

  @Test
  void anotherStreamThatWentOnIsNotOvertaken() throws Exception {
    ModelDatabase first = replicated(10);
    ModelDatabase second = restored(first);
    second.commitContent();
    second.proves = false;
    bench.rules = new StartRules(true, null, false);
    bench.start(folder.resolve("second"), second, replica).close();
    assertThat(generations()).hasSize(2);
    Map<ObjectKey, byte[]> before = new TreeMap<>(replica.objects);
    bench.rules = new StartRules(false, null, false);
    bench.closeTimeout = Duration.ofMillis(10);
    ModelDatabase back = first.reopened();
    back.commit();
    Replication stream = bench.start(folder.resolve("s"), back, replica);
    Bench.await("refused", () -> stream.status().replicas().get(0).lastError() != null);
    assertThat(stream.status().replicas().get(0).lastError())
        .contains("another Stream", generations()[1].id().value());
    bench.stop();
    assertThat(replica.objects).containsExactlyEntriesOf(before);
    ModelDatabase unproven = back.reopened();
    unproven.commitContent();
    unproven.proves = false;
    assertThatThrownBy(() -> bench.start(folder.resolve("s"), unproven, replica))
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("another Stream");
  }

  @Test
  void aDatabaseThatLostNearlyAllItsPagesIsRefusedThoughTheShadowDirectoryKnowsIt()
      throws Exception {
    ModelDatabase database = ofPages(400);
    Replication first = bench.start(folder.resolve("s"), database, replica);
    first.sync(Bench.SOON);
    first.close();
    ModelDatabase emptied = database.reopened();
    emptied.proves = false;
    emptied.put(new byte[2 * PAGE]);
    bench.rules = new StartRules(false, bench.now.plusSeconds(1), false);
    assertThatThrownBy(() -> bench.start(folder.resolve("s"), emptied, replica))
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("only 1024 of the 204800 bytes");
    ModelDatabase proven = database.reopened(); // deleted by the application, which the log proves
    proven.put(Arrays.copyOf(database.bytes(), 2 * PAGE));
    Replication stream = bench.start(folder.resolve("s"), proven, replica);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, proven.history)).isEqualTo(proven.txId);
  }

  @Test
  void aDatabaseWhosePagesAreLargerNowHasLostNothing() throws Exception {
    ModelDatabase database = ofPages(640);
    Replication first = bench.start(folder.resolve("s"), database, replica);
    first.sync(Bench.SOON);
    first.close();
    bench.rules = new StartRules(false, bench.now.plusSeconds(1), false);
    ModelDatabase repaged = database.reopened(32 * PAGE);
    repaged.proves = false;
    repaged.put(database.bytes());
    assertThat(bench.start(folder.resolve("s"), repaged, replica).close()).isEmpty();
    assertThat(generations()).hasSize(2);
  }

  @Test
  void aDatabaseThatLostNearlyAllIsRefusedThoughItsPagesAreSmallerNow() throws Exception {
    ModelDatabase database = new ModelDatabase(4 * PAGE, Bench.seed(2));
    database.put(new byte[400 * 4 * PAGE]);
    Replication first = bench.start(folder.resolve("s"), database, replica);
    first.sync(Bench.SOON);
    first.close();
    bench.rules = new StartRules(false, bench.now.plusSeconds(1), false);
    ModelDatabase repaged = database.reopened(PAGE);
    repaged.proves = false;
    repaged.put(new byte[39 * 4 * PAGE]);
    assertThatThrownBy(() -> bench.start(folder.resolve("s"), repaged, replica))
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("only 79872 of the 819200 bytes");
  }

  @Test
  void anEngineMayCompactItsFileButNotBeginAnewWhereOneWas() throws Exception {
    ModelDatabase database = ofPages(400);
    Replication first = bench.start(folder.resolve("s"), database, replica);
    first.sync(Bench.SOON);
    first.close();
    ModelDatabase created = database.reopenedUnproven();
    created.put(new byte[2 * PAGE]);
    bench.rules = new StartRules(false, null, true);
    assertThatThrownBy(() -> bench.start(folder.resolve("s"), created, replica))
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("its file was missing");
    ModelDatabase compacted = database.reopenedUnproven();
    compacted.put(Arrays.copyOf(database.bytes(), 2 * PAGE));
    bench.rules = new StartRules(false, null, false);
    assertThat(bench.start(folder.resolve("s"), compacted, replica).close()).isEmpty();
    assertThat(generations()).hasSize(1);
    assertThat(PlainRestore.provesAll(replica, compacted.history)).isEqualTo(compacted.txId);
  }

  @Test
  void aDamagedShadowDirectoryStillKnowsTheDatabase() throws Exception {
    ModelDatabase database = replicated(10);
    try (Stream<Path> files =
        Files.walk(folder.resolve("s").resolve(generations()[0].id().value()))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(file, new byte[10]);
      }
    }
    ModelDatabase later = database.reopened();
    later.commitContent();
    Replication stream = bench.start(folder.resolve("s"), later, replica);
    assertThat(stream.close()).isEmpty();
    assertThat(generations()).hasSize(2);
    assertThat(RestorePlanner.plan(PlainRestore.listing(replica), RestoreTarget.NEWEST))
        .isInstanceOfSatisfying(
            RestorePlan.class,
            plan -> assertThat(plan.generation()).isEqualTo(generations()[1].id()));
  }

  @Test
  void anOlderCopyInItsPlaceIsRefused() throws Exception {
    ModelDatabase database = replicated(10);
    ModelDatabase older = database.reopened();
    older.proves = false;
    older.put(database.largestFormer());
    bench.rules = new StartRules(false, bench.now.minusSeconds(1), false);
    assertThatThrownBy(() -> bench.start(folder.resolve("s"), older, replica))
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("older copy")
        .hasMessageContaining("or a clock was wrong")
        // what a hurried operator does first must lose nothing
        .hasMessageMatching(
            "(?s).*Choose: if .* is the right one .*--accept-new-generation.*"
                + "; to have the replica's database back, .* --force', which discards what .*");
    bench.rules =
        new StartRules(false, bench.now.plusSeconds(1), false); // changed since: it has gone on
    assertThat(bench.start(folder.resolve("s"), older.reopenedUnproven(), replica).close())
        .isEmpty();
    assertThat(generations()).hasSize(1);
    assertThat(bench.count("catch-up")).isEqualTo(1);
  }

  private ModelDatabase replicated(int commits) throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(0));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    for (int i = 1; i < commits; i++) {
      database.commit();
      stream.sync(Bench.SOON);
    }
    database.commitContent(); // so that the newest state is none of the former ones
    assertThat(stream.close()).isEmpty();
    return database;
  }

  /** The same bytes with no memory of where they come from. */
  private static ModelDatabase restored(ModelDatabase database) {
    ModelDatabase copy = new ModelDatabase(PAGE, Bench.seed(1));
    copy.put(database.bytes());
    return copy;
  }

  private static ModelDatabase ofPages(int pages) {
    ModelDatabase database = new ModelDatabase(PAGE, Bench.seed(2));
    byte[] bytes = new byte[pages * PAGE];
    Arrays.fill(bytes, (byte) 7);
    database.put(bytes);
    return database;
  }

  private GenerationListing[] generations() {
    return PlainRestore.listing(replica).generations().toArray(GenerationListing[]::new);
  }
}
