package dev.stream.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CautiousClockTest {

  private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration PROOF = Duration.ofHours(24);

  private Instant wall = START;
  private long nanos = -5;
  private final CautiousClock clock = new CautiousClock(() -> wall, () -> nanos, PROOF);

  private void pass(Duration duration) {
    wall = wall.plus(duration);
    nanos += duration.toNanos();
  }

  @Test
  void followsAClockThatIsRight() {
    assertThat(clock.now(START)).isEqualTo(START);
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofHours(1));
      wall = wall.plusSeconds(i % 30); // set right, a little, now and then
      assertThat(clock.now(null)).isEqualTo(wall);
    }
  }

  @Test
  void aLeapCountsOnlyWhenItHasLasted() {
    Instant before = clock.now(START);
    wall = wall.plus(Duration.ofDays(365));
    assertThat(clock.now(null)).isEqualTo(before);
    for (int hour = 1; hour < 24; hour++) {
      pass(Duration.ofHours(1));
      assertThat(clock.now(null)).isEqualTo(before.plus(Duration.ofHours(hour)));
    }
    pass(Duration.ofHours(1));
    assertThat(clock.now(null)).isEqualTo(wall);
  }

  @Test
  void aLeapThatIsTakenBackNeverWas() {
    clock.now(START);
    wall = wall.plus(Duration.ofDays(365));
    clock.now(null);
    pass(Duration.ofHours(2));
    wall = wall.minus(Duration.ofDays(365));
    assertThat(clock.now(null)).isEqualTo(START.plus(Duration.ofHours(2)));
    pass(Duration.ofDays(2));
    assertThat(clock.now(null)).isEqualTo(START.plus(Duration.ofHours(50)));
  }

  @Test
  void ofALeapThatIsTakenBackInPartTheRestRemains() {
    clock.now(START);
    wall = wall.plus(Duration.ofDays(10));
    clock.now(null);
    wall = wall.minus(Duration.ofDays(4));
    assertThat(clock.now(null)).isEqualTo(START);
    pass(PROOF);
    assertThat(clock.now(null)).isEqualTo(wall).isEqualTo(START.plus(Duration.ofDays(7)));
  }

  @Test
  void isSetBackWithTheWallClock() {
    clock.now(START);
    wall = wall.minus(Duration.ofDays(3));
    assertThat(clock.now(null)).isEqualTo(wall);
    pass(Duration.ofHours(1));
    assertThat(clock.now(null)).isEqualTo(wall);
  }

  @Test
  void leapsOfEveryNightCountOneByOne() {
    clock.now(START);
    for (int day = 0; day < 20; day++) {
      pass(Duration.ofHours(8));
      clock.now(null);
      wall = wall.plus(Duration.ofHours(16)); // asleep: what counts nanoseconds stood still
      clock.now(null);
    }
    assertThat(Duration.between(clock.now(null), wall)).isLessThan(Duration.ofDays(4));
  }

  @Test
  void beginsWithWhatTheStoreTells() {
    Instant newest = START.minus(Duration.ofDays(7));
    assertThat(clock.now(newest)).isEqualTo(newest);
    pass(Duration.ofHours(5));
    assertThat(clock.now(START.plus(Duration.ofHours(4))))
        .isEqualTo(newest.plus(Duration.ofHours(5)));
    pass(PROOF);
    assertThat(clock.now(null)).isEqualTo(wall);
  }

  @Test
  void isNeverAheadOfTheWallClock() {
    assertThat(clock.now(START.plus(Duration.ofDays(9)))).isEqualTo(START);
    assertThat(new CautiousClock(() -> wall, () -> nanos, PROOF).now(null)).isEqualTo(START);
  }
}
