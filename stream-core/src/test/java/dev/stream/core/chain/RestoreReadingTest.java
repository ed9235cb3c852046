package dev.stream.core.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.schedule.SnapshotRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RestoreReadingTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private record Segment(long first, long last, long bytes) {

    boolean covers(Segment other) {
      return first <= other.first && last >= other.last;
    }
  }

  @Test
  void countsWhatNoWiderSegmentCoversWhateverTheOrder() {
    for (int round = 0; round < 500; round++) {
      long seed = System.nanoTime() + round;
      Random random = new Random(seed);
      List<Segment> all = new ArrayList<>();
      long txId = 0;
      List<Segment> run = new ArrayList<>();
      while (all.size() < 60) {
        long last = txId + 1 + random.nextInt(3);
        Segment segment = new Segment(txId + 1, last, 1 + random.nextInt(1000));
        all.add(segment);
        run.add(segment);
        txId = last;
        if (run.size() > 1 && random.nextInt(5) == 0) {
          all.add(new Segment(run.get(0).first(), txId, 1 + random.nextInt(1000)));
          run.clear();
        }
      }
      long snapshot = random.nextInt((int) txId + 1);
      RestoreReading reading = new RestoreReading();
      List<Segment> told = new ArrayList<>(all);
      Collections.shuffle(told, random);
      int at = random.nextInt(told.size());
      for (int i = 0; i < told.size(); i++) {
        if (i == at) {
          reading.snapshot(snapshot, 77, NOW);
          reading.snapshot(snapshot - 1, 78, NOW);
        }
        Segment segment = told.get(i);
        reading.segment(segment.first(), segment.last(), segment.bytes());
        if (random.nextBoolean()) {
          reading.segment(segment.first(), segment.last(), segment.bytes());
        }
      }
      List<Segment> read =
          all.stream()
              .filter(one -> one.last() > snapshot)
              .filter(one -> all.stream().noneMatch(o -> !o.equals(one) && o.covers(one)))
              .toList();
      assertThat(reading.segments()).as("seed %s", seed).isEqualTo(read.size());
      assertThat(reading.segmentBytes())
          .as("seed %s", seed)
          .isEqualTo(read.stream().mapToLong(Segment::bytes).sum());
      assertThat(reading.snapshotBytes()).isEqualTo(77);
    }
  }

  @Test
  void aSnapshotIsDueWhenHalfOfItIsReadInSegments() {
    SnapshotRule rule = SnapshotRule.BY_COST;
    RestoreReading reading = new RestoreReading();
    reading.segment(1, 1, 1 << 30);
    assertThat(rule.dueAt(reading, NOW)).as("no snapshot is known").isNull();
    reading.snapshot(1, 100 << 20, NOW);
    assertThat(rule.dueAt(reading, NOW)).as("nothing to spare").isNull();
    reading.segment(2, 2, 49 << 20);
    assertThat(rule.dueAt(reading, NOW)).isEqualTo(NOW.plus(Duration.ofDays(7)));
    reading.segment(3, 3, 1 << 20);
    assertThat(rule.dueAt(reading, NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    reading.segment(2, 3, 10 << 20); // merged, it is less
    assertThat(rule.dueAt(reading, NOW)).isEqualTo(NOW.plus(Duration.ofDays(7)));
    for (int i = 4; i < 4 + 40 * 64; i++) { // 40 MiB of requests
      reading.segment(i, i, 1);
    }
    assertThat(rule.dueAt(reading, NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aSmallDatabaseIsNotSentAgainForNextToNothing() {
    RestoreReading reading = new RestoreReading();
    reading.snapshot(1, 10_000, NOW);
    for (int i = 2; i < 60; i++) {
      reading.segment(i, i, 1000);
    }
    assertThat(SnapshotRule.BY_COST.dueAt(reading, NOW)).isEqualTo(NOW.plus(Duration.ofDays(7)));
    for (int i = 60; i < 80; i++) {
      reading.segment(i, i, 1000);
    }
    assertThat(SnapshotRule.BY_COST.dueAt(reading, NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aSnapshotOfTheFutureCountsAsOneOfNow() {
    RestoreReading reading = new RestoreReading();
    reading.snapshot(1, 1, NOW.plus(Duration.ofDays(1000)));
    reading.segment(2, 2, 1);
    assertThat(SnapshotRule.BY_COST.dueAt(reading, NOW)).isEqualTo(NOW.plus(Duration.ofDays(7)));
  }
}
