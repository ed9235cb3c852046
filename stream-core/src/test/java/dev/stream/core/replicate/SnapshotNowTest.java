package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.SnapshotDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that is asked for while the generation's first one is on its way. */
@Timeout(120)
final class SnapshotNowTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private Replication stream;
  private final ScriptedReplica replica = new ScriptedReplica();
  private final AtomicInteger sent = new AtomicInteger();
  private final CountDownLatch writing = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @BeforeEach
  void setUp() throws Exception {
    bench = new Bench();
    ScriptedCodec codec = new ScriptedCodec();
    codec.fault =
        thread -> {
          if (thread.equals("stream-snapshot")) {
            writing.countDown();
            await(goOn);
          }
          return null;
        };
    bench.codec = codec;
    replica.refused =
        key -> {
          sent.addAndGet(key.value().contains("/snapshots/") ? 1 : 0);
          return false;
        };
    database = new ModelDatabase(512, Bench.seed(0));
    database.commit();
    stream = bench.start(folder.resolve("s"), database, replica);
    await(writing);
  }

  @AfterEach
  void noThreadIsLeft() {
    goOn.countDown();
    bench.stop();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void commit() throws IOException {
    database.commit();
    database.deliver();
  }

  private List<Long> snapshots() {
    return PlainRestore.listing(replica).generations().get(0).snapshots().stream()
        .map(SnapshotDescriptor::txId)
        .toList();
  }

  @Test
  void isTakenWhenThatOneIsDone() throws Exception {
    commit();
    stream.snapshotNow();
    goOn.countDown();
    stream.sync(Bench.SOON);
    // Where the first one was not sent yet when the next was there, only that is sent.
    Bench.await("one more", () -> snapshots().contains(database.txId));
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void isThatOneIfNothingWasCommittedSince() throws Exception {
    stream.snapshotNow();
    goOn.countDown();
    stream.sync(Bench.SOON);
    commit();
    stream.snapshotNow();
    Bench.await("the next", () -> snapshots().contains(database.txId));
    assertThat(sent).hasValue(2);
    assertThat(stream.close()).isEmpty();
  }
}
