package dev.stream.core.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SealingPaceTest {

  private static final long START = Long.MAX_VALUE - 500; // it wraps around during the test

  private static long millis(long count) {
    return Duration.ofMillis(count).toNanos();
  }

  @Test
  void aCommitIsCollectedWithOthersForMostOfTheInterval() {
    SealingPace pace = new SealingPace(Duration.ofSeconds(1), START);
    assertThat(pace.dueAt(START)).isEqualTo(START + millis(960));
    pace.closed(START + millis(960));
    long next = START + millis(5_000);
    assertThat(pace.dueAt(next)).isEqualTo(next + millis(960));
  }

  @Test
  void whatWasPutOffIsNotPutOffTwice() {
    SealingPace pace = new SealingPace(Duration.ofSeconds(1), START);
    pace.putOff(START);
    pace.putOff(START + millis(500));
    assertThat(pace.dueAt(START + millis(940))).isEqualTo(START + millis(1_000) * 15 / 16);
    pace.delivered();
    long next = START + millis(1_000);
    assertThat(pace.dueAt(next)).as("it counts once").isEqualTo(next + millis(960));
  }

  @Test
  void aShortIntervalDelaysOnlyWhatFollowsSoon() {
    SealingPace pace = new SealingPace(Duration.ofMillis(10), START);
    assertThat(pace.dueAt(START + 7)).as("the first").isEqualTo(START + 7);
    pace.closed(START + 9);
    assertThat(pace.dueAt(START + millis(1))).isEqualTo(START + 9 + millis(10) - millis(10) / 25);
    pace.closed(START + millis(11));
    long later = START + millis(30);
    assertThat(pace.dueAt(later)).as("after a pause").isEqualTo(later);
  }
}
