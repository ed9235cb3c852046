package dev.stream.core.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.Faulty;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.retry.Retry;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy that cannot be moved on for a long time. */
class FollowerPatienceTest {

  private static final GenerationId FIRST = new GenerationId("0000000000001000-00000007");
  private static final GenerationId SECOND = new GenerationId("0000000000001001-00000007");
  private static final int TRIES = 40;

  @TempDir Path folder;

  private final Random random = Seeds.random("patience", 0);
  private final TestReplica replica = new TestReplica();
  private final AtomicInteger listings = new AtomicInteger();
  private final List<String> troubles = new ArrayList<>();
  private PageHistory history;
  private FakeCopy.Disk disk;
  private Follower follower;
  private FollowStatus last;
  private long now;

  @BeforeEach
  void copyOfASnapshot() throws IOException {
    history = new PageHistory(FIRST, 512, random).begin(1, 30);
    history.snapshot(replica, 1);
    disk = new FakeCopy.Disk(folder.resolve("copy.db"), random);
    replica.beforeList = listings::incrementAndGet;
    follower = follower();
    assertCurrent();
  }

  private Follower follower() {
    return Follower.builder(disk.path, PageHistory::codecs)
        .database(disk)
        .replica("r", () -> replica)
        .retry(Retry.none())
        .nanoTime(() -> now)
        .listener(
            new FollowListener() {
              @Override
              public void onCurrent(FollowStatus status) {
                last = status;
              }

              @Override
              public void onTrouble(String message) {
                troubles.add(message);
              }
            })
        .build();
  }

  @Test
  void whatAListenerThrowsDoesNotEndIt() throws IOException {
    Set<String> called = ConcurrentHashMap.newKeySet();
    Follower faulty =
        Follower.builder(disk.path, PageHistory::codecs)
            .database(disk)
            .replica("r", () -> replica)
            .retry(Retry.none())
            .listener(Faulty.listener(FollowListener.class, called))
            .build();
    history.commit(1);
    history.segment(replica, 0, 2, 2);
    faulty.step();
    faulty.step();
    assertThat(called).contains("onCurrent").doesNotContain("onTrouble");
    assertThat(disk.bytes).isEqualTo(history.states.lastEntry().getValue());
  }

  @Test
  void aReaderOfMinutesCostsReplicasNothing() throws IOException {
    history.commit(1);
    history.segment(replica, 0, 2, 2);
    disk.busy = true;
    assertWaitsWithoutAskingReplicas();
    history.commit(1);
    history.segment(replica, 0, 3, 3);
    disk.busy = false;
    int opens = replica.opens.get();
    follower.step();
    assertThat(last.txId()).isEqualTo(2);
    assertThat(replica.opens).hasValue(opens);
    assertCurrent();
    assertThat(last.reseeds()).isEqualTo(1);
    assertNothingLeft();
  }

  @Test
  void aWholeStateIsKeptForAsLongAsReadersAreInTheWay() throws IOException {
    history = new PageHistory(SECOND, 1024, random).begin(1, 40);
    history.snapshot(replica, 1);
    disk.busy = true;
    now += Duration.ofMinutes(2).toNanos();
    assertWaitsWithoutAskingReplicas();
    disk.busy = false;
    int opens = replica.opens.get();
    follower.step();
    assertThat(last.generation()).isEqualTo(SECOND);
    assertThat(last.reseeds()).isEqualTo(2);
    assertThat(replica.opens).hasValue(opens);
    assertCurrent();
    assertNothingLeft();
  }

  @Test
  void whatAKilledOneKeptIsRemovedByTheNext() throws Exception {
    Map<String, byte[]> before = Map.copyOf(replica.objects);
    history = new PageHistory(SECOND, 512, random).begin(1, 40);
    history.snapshot(replica, 1);
    disk.busy = true;
    now += Duration.ofMinutes(2).toNanos();
    follower.step();
    assertThat(files()).hasSizeGreaterThan(1);
    follower = follower(); // As if the former had been killed.
    replica.objects.clear(); // Nothing is restored that would take its place.
    replica.objects.putAll(before);
    Thread running = new Thread(() -> run(follower));
    running.start();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (files().size() > 1 && running.isAlive() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    follower.close();
    running.join();
    assertNothingLeft();
  }

  private static void run(Follower follower) {
    try {
      follower.run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReplicaThatHasNothingOfItAnyMoreIsSaid() throws IOException {
    replica.objects.clear();
    now += Duration.ofMinutes(2).toNanos();
    follower.step();
    assertThat(troubles).singleElement().asString().contains(FIRST.value(), "any more");
    assertThat(disk.bytes).isEqualTo(history.states.get(1L));
    history.snapshot(replica, 1);
    history.commit(1);
    history.segment(replica, 0, 2, 2);
    assertCurrent();
  }

  private void assertWaitsWithoutAskingReplicas() throws IOException {
    int fetched = replica.opens.get();
    follower.step();
    int opens = replica.opens.get();
    assertThat(opens).isGreaterThan(fetched);
    int listed = listings.get();
    Duration waited = Duration.ZERO;
    for (int i = 0; i < TRIES; i++) {
      Duration pause = follower.step();
      waited = waited.plus(pause);
      now += pause.toNanos();
    }
    assertThat(replica.opens).hasValue(opens);
    assertThat(listings).hasValue(listed);
    assertThat(troubles).singleElement().asString().contains("somebody has been reading it");
    assertThat(waited)
        .as("30 s apart at last, by chance half of it")
        .isGreaterThan(Duration.ofSeconds(3 * TRIES));
  }

  private void assertCurrent() throws IOException {
    for (int i = 0; i < 4; i++) {
      now += follower.step().toNanos();
    }
    assertThat(disk.bytes).isEqualTo(history.states.lastEntry().getValue());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.toString().endsWith(".lock")).toList();
    }
  }

  private void assertNothingLeft() throws IOException {
    assertThat(files()).containsExactly(disk.path);
  }
}
