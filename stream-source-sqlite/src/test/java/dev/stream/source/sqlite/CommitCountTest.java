package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.source.sqlite.CommitCount.Mark;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CommitCountTest {

  private final CommitCount count = new CommitCount();

  private static long ms(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void whatIsAddedBetweenTwoLooksAreCommits() {
    count.seen(7, 0);
    Mark mark = count.mark();
    count.seen(9, ms(20));
    assertThat(count.since(mark)).hasValue(2);
    assertThat(count.since(mark.plus(2))).hasValue(0);
  }

  @Test
  void anIndexThatWasMadeAnewIsNoticedBecauseItCountsLess() {
    count.seen(7, 0);
    Mark mark = count.mark();
    count.seen(3, ms(1));
    count.seen(9, ms(2));
    assertThat(count.since(mark)).isEmpty();
  }

  @Test
  void anIndexThatCouldHaveCountedAsFarAgainProvesNothing() {
    count.seen(7, 0);
    Mark mark = count.mark();
    count.seen(9, ms(1_000));
    assertThat(count.since(mark)).isEmpty();
  }

  @Test
  void anIndexThatCannotHaveCountedAsFarAgainProves() {
    count.seen(1_000_000, 0);
    Mark mark = count.mark();
    count.seen(1_000_002, ms(1_000));
    assertThat(count.since(mark)).hasValue(2);
  }

  @Test
  void aPlaceInOneIndexSaysNothingInAnother() {
    count.seen(0, 0);
    Mark mark = count.mark();
    CommitCount other = new CommitCount();
    other.seen(0, ms(1));
    assertThat(other.since(mark)).isEmpty();
    assertThat(other.since(Mark.NONE)).isEmpty();
  }
}
