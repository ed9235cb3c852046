package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is read later, and when a program is asked to hold a transaction for it. */
final class ReadingPaceTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  private long now = 77;

  private ReadingPace pace(Duration delay, long wholeNanos) {
    ReadingPace pace = new ReadingPace(delay, now);
    pace.read(false, 1, wholeNanos, now);
    return pace;
  }

  private void overlapped(ReadingPace pace, long commits, long nanos, long sinceLast) {
    now += sinceLast;
    pace.read(true, commits, nanos, now);
  }

  private void whole(ReadingPace pace, long commits, long nanos, long sinceLast) {
    now += sinceLast;
    pace.read(false, commits, nanos, now);
  }

  @Test
  void aSmallFileThatManyCommitsChangeIsNotHeld() {
    ReadingPace pace = pace(Duration.ofSeconds(1), 2 * MILLISECOND);
    assertThat(pace.isWorthHolding()).isTrue();
    // Eighty commits in 20 ms, read in 3 ms, are 150 ms in each second.
    overlapped(pace, 80, 3 * MILLISECOND, 20 * MILLISECOND);
    assertThat(pace.isWorthHolding()).isFalse();
    whole(pace, 4000, 2 * MILLISECOND, SECOND);
    assertThat(pace.isWorthHolding()).isFalse();
  }

  @Test
  void aLargeFileInWhichLittleChangesIsHeld() {
    ReadingPace pace = pace(Duration.ofSeconds(1), 200 * MILLISECOND);
    overlapped(pace, 1, MILLISECOND, 100 * MILLISECOND);
    overlapped(pace, 1, MILLISECOND, 100 * MILLISECOND);
    assertThat(pace.isWorthHolding()).isTrue();
  }

  @Test
  void aFileThatTakesTooLongIsHeldHoweverMuchChanges() {
    ReadingPace pace = pace(Duration.ofSeconds(1), 251 * MILLISECOND);
    overlapped(pace, 1000, 240 * MILLISECOND, 250 * MILLISECOND);
    assertThat(pace.isWorthHolding()).isTrue();
  }

  @Test
  void whatTheFirstReadingTookIsNoMeasureOfTheLaterOnes() {
    ReadingPace pace = new ReadingPace(Duration.ofSeconds(1), now);
    pace.began(64 << 20, now); // whatever it took
    assertThat(pace.isWorthHolding()).isTrue();
    overlapped(pace, 40, 3 * MILLISECOND, 10 * MILLISECOND); // 300 ms in each second
    assertThat(pace.isWorthHolding()).isFalse();
    whole(pace, 4000, 60 * MILLISECOND, SECOND);
    assertThat(pace.isWorthHolding()).isFalse();
  }

  @Test
  void aFileThatIsExpectedToTakeTooLongIsHeld() {
    ReadingPace pace = new ReadingPace(Duration.ofSeconds(1), now);
    pace.began(1 << 30, now);
    overlapped(pace, 1000, 240 * MILLISECOND, 250 * MILLISECOND);
    assertThat(pace.isWorthHolding()).isTrue();
  }

  @Test
  void whereNothingMayBePutOffItIsHeld() {
    ReadingPace pace = pace(Duration.ZERO, MILLISECOND);
    overlapped(pace, 1000, 20 * MILLISECOND, 20 * MILLISECOND);
    assertThat(pace.isWorthHolding()).isTrue();
    assertThat(pace.putsOff(now)).isFalse();
  }

  @Test
  void whenTheProgramCalmsDownItIsHeldAgain() {
    ReadingPace pace = pace(Duration.ofSeconds(1), 40 * MILLISECOND);
    overlapped(pace, 80, 8 * MILLISECOND, 20 * MILLISECOND); // 0.1 ms for each commit
    assertThat(pace.isWorthHolding()).isFalse();
    whole(pace, 300, 40 * MILLISECOND, SECOND); // 30 ms would not be much less
    assertThat(pace.isWorthHolding()).isFalse();
    whole(pace, 200, 40 * MILLISECOND, SECOND);
    assertThat(pace.isWorthHolding()).isTrue();
    overlapped(pace, 500, 50 * MILLISECOND, SECOND); // 50 ms are not much more
    assertThat(pace.isWorthHolding()).isTrue();
  }

  @Test
  void whatIsSeenIsReadOnceTheDelayIsOver() {
    ReadingPace pace = pace(Duration.ofSeconds(1), MILLISECOND);
    assertThat(pace.untilDueNanos(now)).isEqualTo(Long.MAX_VALUE);
    assertThat(pace.putsOff(now)).isTrue();
    assertThat(pace.putsOff(now + SECOND - 1)).isTrue();
    assertThat(pace.untilDueNanos(now + SECOND - 1)).isEqualTo(1);
    assertThat(pace.putsOff(now + SECOND)).isFalse();
    assertThat(pace.putsOff(now + 2 * SECOND)).isFalse();
    whole(pace, 1, MILLISECOND, 2 * SECOND);
    assertThat(pace.putsOff(now)).isTrue();
    pace.nothingNew();
    assertThat(pace.putsOff(now + SECOND)).isTrue();
  }
}
