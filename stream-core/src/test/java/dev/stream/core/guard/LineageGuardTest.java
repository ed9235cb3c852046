package dev.stream.core.guard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.DatabaseImage.Relation;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.event.StreamListener;
import dev.stream.core.replicate.Bench;
import dev.stream.core.replicate.ModelDatabase;
import dev.stream.core.replicate.PlainRestore;
import dev.stream.core.replicate.Replication;
import dev.stream.core.replicate.ScriptedReplica;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What takes the place of a database while it is replicated. */
@Timeout(120)
final class LineageGuardTest {

  private static final int PAGE = 512;

  @TempDir Path folder;
  private final Bench bench = new Bench();
  private final ScriptedReplica replica = new ScriptedReplica();
  private final Random random = new Random(Bench.seed(7));

  LineageGuardTest() throws Exception {}

  @BeforeEach
  void setUp() {
    bench.rules = new StartRules(false, bench.now, false);
    bench.sleeper = Bench.SHORT_PAUSES;
  }

  @AfterEach
  void stop() {
    bench.stop();
  }

  private byte[] pages(int count) {
    byte[] bytes = new byte[count * PAGE];
    random.nextBytes(bytes);
    return bytes;
  }

  private Replication replicated(ModelDatabase database) throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    stream.sync(Bench.SOON);
    return stream;
  }

  private ModelDatabase of(byte[] bytes) {
    ModelDatabase database = new ModelDatabase(PAGE, random.nextLong());
    database.put(bytes);
    return database;
  }

  private static void replace(ModelDatabase database, byte[] bytes) throws Exception {
    database.put(bytes);
    database.lose("the file was replaced");
  }

  private void isHeldBack(Replication stream) throws Exception {
    Bench.await("it is held back", () -> bench.count("held back r0") == 1);
    Bench.await("a snapshot waits", () -> stream.status().replicas().get(0).pendingArtefacts() > 0);
    assertThat(stream.status().healthy()).isFalse();
    assertThat(stream.status().replicas().get(0).lastError())
        .contains("model.db", "--accept-new-generation", LineageMark.ACCEPT);
  }

  @Test
  void anEmptiedOneIsKeptFromTheReplicasUntilItIsAccepted() throws Exception {
    for (int size : new int[] {12, 400}) {
      ModelDatabase database = of(pages(size));
      bench.events.clear();
      Replication stream = bench.start(folder.resolve("s" + size), database, replica);
      bench.rules = new StartRules(true, bench.now, false);
      stream.sync(Bench.SOON);
      Map<ObjectKey, byte[]> before = new TreeMap<>(replica.objects);
      replace(database, pages(1));
      isHeldBack(stream);
      for (int i = 0; i < 5; i++) {
        database.commit();
        database.deliver();
      }
      assertThat(replica.objects).containsExactlyEntriesOf(before);
      assertThat(bench.count("held back r0")).isEqualTo(1);
      Files.createFile(folder.resolve("s" + size).resolve(LineageMark.ACCEPT));
      stream.sync(Bench.SOON);
      assertThat(PlainRestore.newest(replica)).isEqualTo(database.bytes());
      assertThat(bench.count("held back no more r0")).isEqualTo(1);
      assertThat(stream.status().healthy()).isTrue();
      assertThat(stream.close()).isEmpty();
    }
  }

  @Test
  void aDatabaseThatWasRewrittenAsAWholeIsKnownAgain() throws Exception {
    ModelDatabase database = of(pages(100));
    database.signature = "the schema";
    Replication stream = replicated(database);
    replace(database, pages(90));
    stream.sync(Bench.SOON);
    assertThat(bench.count("held back r0")).isZero();
    assertThat(bench.count("catch-up")).isEqualTo(1);
    assertThat(stream.close()).isEmpty();
    database.put(pages(95));
    ModelDatabase again = database.reopenedUnproven();
    stream = bench.start(folder.resolve("s"), again, replica);
    stream.sync(Bench.SOON);
    assertThat(bench.count("catch-up")).isEqualTo(2);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.newest(replica)).isEqualTo(again.bytes());
  }

  @Test
  void anUnrelatedOneAtTheStartIsRefusedHoweverLarge() throws Exception {
    ModelDatabase database = of(pages(100));
    database.signature = "the schema";
    assertThat(replicated(database).close()).isEmpty();
    Map<ObjectKey, byte[]> before = new TreeMap<>(replica.objects);
    database.put(pages(200));
    ModelDatabase other = database.reopenedUnproven();
    other.signature = "another schema";
    assertThatThrownBy(() -> bench.start(folder.resolve("s"), other, replica))
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("no page that tells anything is what it was")
        .hasMessageContaining("--accept-new-generation");
    assertThat(replica.objects).containsExactlyEntriesOf(before);
  }

  @Test
  void whatWasCapturedBeforeStillReachesTheReplica() throws Exception {
    ModelDatabase database = of(pages(100));
    Replication stream = replicated(database);
    replica.stall = new java.util.concurrent.CountDownLatch(1);
    byte[] last = database.bytes();
    last[PAGE * 50] ^= 1;
    database.put(last);
    database.deliver();
    replace(database, pages(2));
    isHeldBack(stream);
    java.util.Objects.requireNonNull(replica.stall).countDown();
    Bench.await(
        "the last commit before",
        () -> {
          try {
            return Arrays.equals(PlainRestore.newest(replica), last);
          } catch (java.io.IOException e) {
            return false;
          }
        });
    assertThat(String.join(" ", stream.close())).contains("r0");
  }

  @Test
  void goesOnByItselfWhenTheRightOneIsBack() throws Exception {
    ModelDatabase database = of(pages(100));
    byte[] good = database.bytes();
    Replication stream = replicated(database);
    replace(database, pages(3));
    isHeldBack(stream);
    replace(database, good);
    database.commit();
    stream.sync(Bench.SOON);
    assertThat(PlainRestore.newest(replica)).isEqualTo(database.bytes());
    assertThat(PlainRestore.listing(replica).generations()).hasSize(2);
    assertThat(bench.count("held back no more r0")).isEqualTo(1);
    assertThat(stream.close()).isEmpty();
  }

  @Test
  void isHeldBackAfterARestartToo() throws Exception {
    ModelDatabase database = of(pages(100));
    byte[] good = database.bytes();
    Replication stream = replicated(database);
    Map<ObjectKey, byte[]> before = new TreeMap<>(replica.objects);
    replace(database, pages(3));
    isHeldBack(stream);
    stream.close();
    bench.events.clear();
    ModelDatabase again = database.reopened();
    again.commit();
    stream = bench.start(folder.resolve("s"), again, replica);
    again.commit();
    again.deliver();
    Bench.await("listed", () -> replica.listings.get() > 1);
    assertThat(stream.status().healthy()).isFalse();
    assertThat(stream.close()).isNotEmpty();
    assertThat(replica.objects).containsExactlyEntriesOf(before);
    ModelDatabase restored = again.reopenedUnproven();
    restored.put(good);
    stream = bench.start(folder.resolve("s"), restored, replica);
    restored.commit();
    stream.sync(Bench.SOON);
    assertThat(PlainRestore.newest(replica)).isEqualTo(restored.bytes());
    assertThat(stream.close()).isEmpty();
  }

  @Test
  void anUnrelatedOneIsHeldBackThoughItIsLarger() throws Exception {
    ModelDatabase database = of(pages(100));
    Replication stream = replicated(database);
    replace(database, pages(300));
    isHeldBack(stream);
    stream.close();
  }

  @Test
  void anEditedOneIsNot() throws Exception {
    ModelDatabase database = of(pages(100));
    Replication stream = replicated(database);
    byte[] moved = pages(60);
    System.arraycopy(database.bytes(), 30 * PAGE, moved, 30 * PAGE, PAGE);
    replace(database, moved);
    stream.sync(Bench.SOON);
    assertThat(PlainRestore.newest(replica)).isEqualTo(moved);
    assertThat(bench.count("held back")).isZero();
    assertThat(stream.close()).isEmpty();
  }

  @Test
  void losesNothingThatRetentionWouldDelete() throws Exception {
    bench.snapshotRetention = Duration.ofSeconds(1);
    bench.checkInterval = Duration.ofSeconds(1);
    ModelDatabase database = of(pages(100));
    Replication stream = replicated(database);
    replace(database, pages(1));
    isHeldBack(stream);
    Map<ObjectKey, byte[]> before = new TreeMap<>(replica.objects);
    bench.now = bench.now.plus(Duration.ofDays(3));
    int listed = replica.listings.get();
    Bench.await("listed", () -> replica.listings.get() > listed);
    assertThat(replica.objects).containsExactlyEntriesOf(before);
  }

  /** A clock that was wrong makes the right file look old: what is done first must lose nothing. */
  @Test
  void anOlderFileIsAdvisedToBeAcceptedBeforeItIsRestoredOver() throws Exception {
    Path file = Files.write(folder.resolve("app.db"), pages(2));
    DatabaseState state = DatabaseState.of(1, 7, PAGE, 2, "");
    try (ShadowDirectory directory = ShadowDirectory.open(folder.resolve("s"))) {
      LineageGuard guard =
          new LineageGuard(file, true, directory, List.of(), StreamListener.SILENT);
      guard.taken();
      Path other = Files.write(folder.resolve("other.db"), pages(2));
      Files.setLastModifiedTime(other, FileTime.from(bench.now.minusSeconds(60)));
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      assertThat(
              guard.judge(
                  new GenerationId("0000000000000001-00000000"),
                  Replacement.of(state, bench.now, state, true, Relation.UNKNOWN)))
          .contains("older copy, or a clock was wrong");
      assertThat(requireNonNull(HeldBackLineage.read(directory)).why())
          .matches(
              "(?s).*Choose: if .* is the right one .*--accept-new-generation"
                  + "; to have the former database back, .* --force', which discards what .*");
    }
  }
}
