package dev.stream.core.month;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.month.SizedReplication.Day;
import dev.stream.core.month.SizedReplication.Lengths;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Days of a slow writer by the defaults, of which only the lengths are known. */
final class SizedReplicationTest {

  private static final Lengths LENGTHS = new Lengths(4096, 2000, 1200, 700);
  private static final Duration DAY = Duration.ofDays(1);
  private static final int DAYS =
      "nightly".equals(System.getProperty("stream.test.scale")) ? 30 : 9; // a snapshot after seven

  @Test
  void costFollowsWhatChangesAndRestCostsNothing() {
    SizedReplication replication = new SizedReplication(64 << 20, LENGTHS);
    long snapshot = 64 * 256 * 1200L;
    Day day = null;
    for (int i = 0; i < DAYS; i++) {
      day = replication.day(DAY, Duration.ofMinutes(1), 1);
      assertThat(day.restoreBytes()).as("day " + i).isLessThanOrEqualTo(2 * snapshot);
      assertThat(day.restoreObjects()).as("day " + i).isLessThanOrEqualTo(80);
      assertThat(day.snapshots()).as("day " + i).isLessThanOrEqualTo(1);
    }
    assertThat(day).isNotNull();
    assertThat(day.bytesUp())
        .as("each page a few times")
        .isLessThan(1440L * 4 * 2700 * 4 + snapshot);
    Day evening = replication.day(DAY, Duration.ofSeconds(30), 0);
    assertThat(evening.puts()).as("merged segments of the last day").isLessThanOrEqualTo(4);
    Day idle = replication.day(DAY, Duration.ofSeconds(30), 0);
    assertThat(idle.puts() + idle.deletes()).isZero();
    assertThat(idle.gets()).as("one look: the mark and the line").isEqualTo(2);
    assertThat(idle.bytes()).isEqualTo(evening.bytes());
  }
}
