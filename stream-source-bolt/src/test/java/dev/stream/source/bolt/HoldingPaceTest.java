package dev.stream.source.bolt;

import static dev.stream.source.bolt.HoldingPace.LONGEST_NANOS;
import static dev.stream.source.bolt.HoldingPace.SHORTEST_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** For how long a program holds a state. */
final class HoldingPaceTest {

  private static final int PAGE = 4096;
  private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

  private long now = START;
  private final HoldingPace pace = new HoldingPace(PAGE, START);

  private void movesOn(long millis, int freed) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    pace.moved(freed, now);
  }

  @Test
  void aStateIsHeldUntilWhatIsFreedFillsAPageOfTheList() {
    movesOn(10, 256);
    assertThat(pace.nanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    movesOn(20, 300);
    assertThat(pace.nanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(512 * 20) / 300);
  }

  @Test
  void largePagesListMore() {
    HoldingPace large = new HoldingPace(4 * PAGE, now);
    large.moved(1024, now + TimeUnit.MILLISECONDS.toNanos(10));
    assertThat(large.nanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
  }

  @Test
  void neitherShorterNorLongerThanTheBounds() {
    movesOn(10, 100_000);
    assertThat(pace.nanos()).isEqualTo(SHORTEST_NANOS);
    movesOn(10, 1);
    assertThat(pace.nanos()).isEqualTo(LONGEST_NANOS);
    movesOn(0, 1);
    assertThat(pace.nanos()).isEqualTo(SHORTEST_NANOS);
  }

  @Test
  void whereNothingIsCommittedItIsAskedMoreSeldom() {
    movesOn(10, 0);
    assertThat(pace.nanos()).isEqualTo(2 * SHORTEST_NANOS);
    for (int i = 0; i < 10; i++) {
      movesOn(20, 0);
    }
    assertThat(pace.nanos()).isEqualTo(LONGEST_NANOS);
    movesOn(50, 5_000); // and a busy program not any more
    assertThat(pace.nanos()).isEqualTo(SHORTEST_NANOS);
  }
}
