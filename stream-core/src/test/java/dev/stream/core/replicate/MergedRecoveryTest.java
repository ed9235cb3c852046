package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts on a shadow directory with segments of several levels. */
final class MergedRecoveryTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private final ScriptedReplica replica = new ScriptedReplica();

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    bench.compaction = List.of(Duration.ofMillis(100), Duration.ofHours(1));
    database = new ModelDatabase(512, Bench.seed(0));
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private List<Path> merged() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("s"))) {
      return files
          .filter(file -> file.toString().contains("segments/1/") && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }

  private void mergeSome() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    for (int i = 0; i < 40; i++) {
      database.commit();
      stream.sync(Bench.SOON);
      bench.now = bench.now.plusMillis(20);
    }
    Bench.await(
        "merged",
        () ->
            PlainRestore.listing(replica).generations().get(0).segments().stream()
                    .filter(segment -> segment.level() == 1)
                    .count()
                > 3);
    assertThat(stream.close()).isEmpty();
    assertThat(merged()).hasSizeGreaterThan(3);
    database = database.reopened();
  }

  @Test
  void theGenerationGoesOnAndTheMergedOnesAreMergedFurther() throws Exception {
    mergeSome();
    bench.now = bench.now.plus(Duration.ofHours(3));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    Bench.await(
        "merged further",
        () ->
            PlainRestore.listing(replica).generations().get(0).segments().stream()
                .anyMatch(segment -> segment.level() == 2 && segment.firstTxId() == 1));
    assertThat(stream.close()).isEmpty();
    assertThat(bench.count("generation resumed")).isEqualTo(1);
    assertThat(merged()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void aDamagedMergedSegmentIsNoReasonForANewGeneration() throws Exception {
    mergeSome();
    Path damaged = merged().get(1);
    Files.write(damaged, new byte[] {1, 2, 3});
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    database.commit();
    stream.sync(Bench.SOON);
    assertThat(damaged).doesNotExist();
    assertThat(stream.close()).isEmpty();
    assertThat(bench.count("generation resumed")).isEqualTo(1);
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void anEndedGenerationIsMergedToItsEnd() throws Exception {
    mergeSome();
    database.commitContent();
    database.proves = false;
    KnownPages.forget(folder.resolve("s"));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    Bench.await(
        "its widest level",
        () ->
            PlainRestore.listing(replica).generations().get(0).segments().stream()
                .anyMatch(
                    segment ->
                        segment.level() == 2
                            && segment.firstTxId() == 1
                            && segment.lastTxId() == 40));
    String ended = PlainRestore.listing(replica).generations().get(0).id().value();
    Bench.await("it is gone here", () -> Files.notExists(folder.resolve("s").resolve(ended)));
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.listing(replica).generations()).hasSize(2);
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }
}
