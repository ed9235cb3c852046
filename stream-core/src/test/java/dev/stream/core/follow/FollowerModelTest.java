package dev.stream.core.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Anything that may happen to replicas, copy and follower, in any order: the copy is always a state
 * that was committed, and gets to the newest one as soon as nothing is in the way.
 */
class FollowerModelTest {

  private static final int PAGE = 512;

  @TempDir Path folder;

  private Random random = new Random(0);
  private final List<PageHistory> histories = new ArrayList<>();
  private final TestReplica one = new TestReplica();
  private final TestReplica other = new TestReplica();
  private FakeCopy.Disk disk = new FakeCopy.Disk(Path.of("unset"), random);
  private @Nullable Follower follower;
  private long now;
  private long shipped;
  private int age;

  @Test
  void theCopyIsAlwaysACommittedStateAndGetsToTheNewest() throws IOException {
    for (int round = 0; round < Seeds.rounds(20, 2000); round++) {
      begin(round);
      try {
        for (int i = 0; i < 60; i++) {
          act();
          assertCommitted();
        }
        settle();
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(Seeds.where(round), e);
      }
    }
  }

  private void begin(int round) throws IOException {
    random = Seeds.random("follow", round);
    histories.clear();
    one.objects.clear();
    other.objects.clear();
    disk = new FakeCopy.Disk(folder.resolve("copy-" + round + ".db"), random);
    disk.troubles = random.nextInt(3) * 6;
    follower = null;
    now = 0;
    age = -1;
    generation();
  }

  private void generation() throws IOException {
    GenerationId id =
        new GenerationId(String.format(Locale.ROOT, "%016x-%08x", 1000 + histories.size(), 7));
    PageHistory born =
        new PageHistory(id, PAGE << random.nextInt(2), random).begin(1, 1 + random.nextInt(30));
    histories.add(born);
    shipped = 1;
    both(replica -> born.snapshot(replica, 1));
  }

  private interface Put {
    ObjectKey to(TestReplica replica) throws IOException;
  }

  /** The second replica gets the same bytes, unless it misses something. */
  private void both(Put put) throws IOException {
    ObjectKey key = put.to(one);
    if (random.nextInt(10) > 0) {
      other.objects.put(key.value(), one.objects.get(key.value()));
    }
  }

  private PageHistory history() {
    return histories.get(histories.size() - 1);
  }

  private long newest() {
    return history().states.lastKey();
  }

  private void act() throws IOException {
    switch (random.nextInt(22)) {
      case 0, 1, 2, 3, 4 -> history().commit(1 + random.nextInt(3));
      case 5, 6, 7, 8 -> ship();
      case 9 -> {
        if (shipped > 1) {
          both(replica -> history().snapshot(replica, shipped));
        }
      }
      case 10 -> compact();
      case 11 -> retain(one);
      case 12 -> retain(other);
      case 13 -> {
        if (random.nextInt(4) == 0) {
          generation();
        }
      }
      case 14 -> damage(random.nextBoolean() ? one : other);
      case 15 -> one.readsUntilDown = random.nextInt(6);
      case 16 -> one.readsUntilDown = Integer.MAX_VALUE;
      case 17 -> kill();
      default -> step();
    }
    now += Duration.ofSeconds(random.nextInt(20)).toNanos();
  }

  private void ship() throws IOException {
    if (shipped < newest()) {
      long first = shipped + 1;
      long last = Math.min(newest(), shipped + 1 + random.nextInt(2));
      both(replica -> history().segment(replica, 0, first, last));
      shipped = last;
    }
  }

  private void compact() throws IOException {
    if (shipped > 3) {
      long first = 2L + random.nextInt((int) shipped - 2);
      List<Long> starts = new ArrayList<>();
      List<Long> ends = new ArrayList<>();
      for (String key : one.keys("segments")) {
        if (key.startsWith(history().generation().value())) {
          String[] range = key.substring(key.lastIndexOf('/') + 1).split("-", 2);
          starts.add(Long.parseLong(range[0], 16));
          ends.add(Long.parseLong(range[1], 16));
        }
      }
      if (starts.contains(first)) {
        List<Long> possible = ends.stream().filter(end -> end > first).toList();
        if (!possible.isEmpty()) {
          long last = possible.get(random.nextInt(possible.size()));
          both(replica -> history().segment(replica, 1 + random.nextInt(2), first, last));
        }
      }
    }
  }

  /** Deletes some older artefacts, narrow segments rather, but never the newest snapshot. */
  private void retain(TestReplica replica) {
    List<String> snapshots = replica.keys("snapshots");
    for (String key : List.copyOf(replica.objects.keySet())) {
      boolean newestSnapshot =
          !snapshots.isEmpty() && key.equals(snapshots.get(snapshots.size() - 1));
      boolean newestSegment = key.endsWith(String.format(Locale.ROOT, "-%016x", shipped));
      if (!newestSnapshot && !newestSegment && random.nextInt(key.contains("/0/") ? 3 : 6) == 0) {
        replica.objects.remove(key);
      }
    }
  }

  private void damage(TestReplica replica) {
    List<String> keys = List.copyOf(replica.objects.keySet());
    if (!keys.isEmpty()) {
      String key = keys.get(random.nextInt(keys.size()));
      byte[] bytes = replica.objects.get(key).clone();
      bytes[random.nextInt(bytes.length)] ^= 8;
      replica.objects.put(key, bytes);
    }
  }

  private void kill() throws IOException {
    follower = null;
    if (random.nextInt(3) == 0 && disk.bytes != null) {
      disk.scribble();
      age = -1; // What it is now is nobody's state until it is restored.
    }
  }

  private Duration step() throws IOException {
    Follower running = follower;
    if (running == null) {
      running =
          Follower.builder(disk.path, PageHistory::codecs)
              .database(random.nextBoolean() ? disk : null)
              .databases(type -> disk)
              .replica("one", () -> one)
              .replica("other", () -> other)
              .retry(Retry.none())
              .nanoTime(() -> now)
              .build();
      follower = running;
    }
    try {
      return running.step();
    } catch (FakeCopy.Disk.Killed e) {
      follower = null;
      return Duration.ZERO;
    }
  }

  /** The copy is one of the states, and never goes back. */
  private void assertCommitted() {
    byte[] bytes = disk.bytes;
    if (bytes == null) {
      return;
    }
    int at = 0;
    int latest = -1;
    int next = -1;
    for (PageHistory history : histories) {
      for (byte[] state : history.states.values()) {
        // States may be equal to each other: the first is meant that is no step back.
        if (Arrays.equals(state, bytes)) {
          latest = at;
          next = next < 0 && at >= age ? at : next;
        }
        at++;
      }
      at = (at / 10_000 + 1) * 10_000;
    }
    if (latest < 0) {
      assertThat(age).as("a scribbled copy may be none").isEqualTo(-1);
      return;
    }
    assertThat(latest).as("goes back").isGreaterThanOrEqualTo(age);
    age = next;
  }

  /** Nothing is in the way any more: the newest that a replica has a way to. */
  private void settle() throws IOException {
    disk.troubles = 0;
    one.readsUntilDown = Integer.MAX_VALUE;
    one.objects.clear();
    other.objects.clear();
    PageHistory last = history();
    last.snapshot(one, 1);
    for (long tx = 2; tx <= newest(); tx++) {
      last.segment(one, 0, tx, tx);
    }
    for (int i = 0; i < 12; i++) {
      step();
      now += Duration.ofSeconds(100).toNanos();
    }
    byte[] bytes = disk.bytes;
    assertThat(bytes).isNotNull();
    assertThat(Arrays.equals(bytes, last.states.lastEntry().getValue()))
        .as("the copy is the newest state")
        .isTrue();
    assertThat(Files.readAllBytes(disk.path)).isEqualTo(bytes);
  }
}
