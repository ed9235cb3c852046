package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.source.sqlite.WalIndex.State;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What is put off, and what is not. */
final class ReadingPaceTest {

  private static final LogPosition START = LogPosition.inFile(null, 4096, 0);

  private static final long HAND_OVER = 1000;

  private int commits;

  @Test
  void aFewCommitsArePutOffAndManyAreNot() {
    ReadingPace pace = new ReadingPace(Duration.ofHours(1));
    look(pace, 10);
    look(pace, 10);
    assertThat(look(pace, 12)).as("something was committed").isTrue();
    assertThat(pace.putOff(state(12), START)).isTrue();
    assertThat(pace.hasPutOff()).isTrue();
    assertThat(pace.putOff(state(300), START)).as("that would be much at once").isFalse();
    assertThat(pace.hasPutOff()).isFalse();
  }

  @Test
  void whereEverythingIsReadNothingWaits() {
    ReadingPace pace = new ReadingPace(Duration.ofHours(1));
    look(pace, 0);
    look(pace, 0);
    assertThat(pace.putOff(state(0), START)).as("nothing needs to be read").isTrue();
    assertThat(pace.hasPutOff()).as("and nothing waits to be").isFalse();
  }

  @Test
  void nothingIsPutOffForLongerThanIsAllowed() {
    ReadingPace pace = new ReadingPace(Duration.ofNanos(1));
    look(pace, 10);
    look(pace, 10);
    look(pace, 11);
    assertThat(pace.putOff(state(11), START)).isFalse();
    pace.read(false);
    assertThat(pace.looked(state(11), HAND_OVER)).as("nothing new").isFalse();
    assertThat(pace.putOff(state(11), START)).as("that was for what is read now").isTrue();
  }

  @Test
  void nothingIsPutOffIfNothingMayBe() {
    ReadingPace pace = new ReadingPace(Duration.ZERO);
    look(pace, 10);
    look(pace, 10);
    assertThat(pace.isSlow()).isFalse();
    assertThat(pace.putOff(state(10), START)).isFalse();
  }

  @Test
  void aLogThatIsAboutToBeShortenedIsReadAtEachLook() {
    ReadingPace pace = new ReadingPace(Duration.ofHours(1));
    look(pace, 900);
    look(pace, 900);
    assertThat(pace.isSlow()).isTrue();
    look(pace, 970);
    assertThat(pace.isSlow()).isFalse();
    assertThat(pace.putOff(state(970), START)).isFalse();
    look(pace, 3);
    look(pace, 3);
    assertThat(pace.isSlow()).as("it begins anew").isTrue();
  }

  @Test
  void aLogWithPausesIsLookedAtInTimeToBeHandedOver() {
    ReadingPace pace = new ReadingPace(Duration.ofHours(1));
    look(pace, 970);
    look(pace, 970);
    assertThat(pace.isSlow()).as("the next pause is waited for, not a moment").isTrue();
    assertThat(pace.waitNanos(true)).isLessThan(pace.waitNanos(false));
    long far = pace.waitNanos(false);
    look(pace, 971); // a few within ten milliseconds
    look(pace, 972);
    look(pace, HAND_OVER - 1);
    look(pace, HAND_OVER - 1);
    look(pace, HAND_OVER - 1);
    pace.looked(state(HAND_OVER - 1), HAND_OVER);
    assertThat(pace.isSlow()).isTrue();
    look(pace, HAND_OVER);
    assertThat(pace.isSlow()).as("a pause is looked for now").isFalse();
    assertThat(pace.waitNanos(false)).isLessThan(far);
    look(pace, 2);
    look(pace, 2);
    assertThat(pace.isSlow()).as("it was restarted").isTrue();
  }

  @Test
  void theLookComesWhenTheLogIsLongEnough() {
    ReadingPace pace = new ReadingPace(Duration.ofHours(1));
    look(pace, HAND_OVER - 2);
    look(pace, HAND_OVER - 2);
    long far = pace.waitNanos(false);
    look(pace, HAND_OVER - 1); // one in three milliseconds: the next one by then
    assertThat(pace.isSlow()).isTrue();
    assertThat(pace.waitNanos(false)).isLessThan(far);
  }

  @Test
  void looksAreRarerOnceCommitsHaveComeWithoutAPause() {
    ReadingPace pace = new ReadingPace(Duration.ofHours(1));
    look(pace, 10);
    look(pace, 10);
    long first = pace.waitNanos(false);
    for (int i = 0; i < 20; i++) {
      look(pace, 10);
    }
    assertThat(pace.waitNanos(false)).isGreaterThan(first);
    assertThat(pace.waitNanos(true)).as("somebody may wait for the pin").isLessThan(first);
    boolean any = pace.looked(state(10), HAND_OVER);
    assertThat(any).isFalse();
    assertThat(pace.waitNanos(false)).as("a pause").isEqualTo(first);
  }

  @Test
  void aDelayIsNotOverslept() {
    Duration delay = Duration.ofMillis(9);
    ReadingPace pace = new ReadingPace(delay);
    look(pace, 10);
    look(pace, 10);
    assertThat(pace.isSlow()).isTrue();
    assertThat(pace.waitNanos(false)).isEqualTo(delay.toNanos());
  }

  /** One more commit, at which the log has so many frames, some milliseconds later. */
  private boolean look(ReadingPace pace, long frames) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3);
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
    commits++;
    return pace.looked(state(frames), HAND_OVER);
  }

  private State state(long frames) {
    return new State(commits, frames, 0, 1, 2);
  }
}
