package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.schedule.ListingRule.Look;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a replica is looked at, by two clocks that are moved by hand. */
final class ReplicaContactTest {

  private long nanos;
  private Instant wall = Instant.parse("2026-03-01T00:00:00Z");
  private final ReplicaContact looks = new ReplicaContact(() -> nanos, () -> wall);

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
  }

  @Test
  void nothingWhileItTakesWhatIsStored() {
    for (int i = 0; i < 9; i++) {
      pass(Duration.ofMillis(99));
      assertThat(looks.due()).isEqualTo(Look.NONE);
      looks.heard();
    }
    pass(Duration.ofMillis(99));
    assertThat(looks.due()).isEqualTo(Look.LINE);
    looks.looked();
    assertThat(looks.due()).isEqualTo(Look.NONE);
    pass(Duration.ofSeconds(6));
    assertThat(looks.due()).as("a process that was stopped").isEqualTo(Look.LINE);
  }

  @Test
  void everythingIsListedInTheEnd() {
    for (int minute = 0; minute < 120; minute++) {
      pass(Duration.ofMinutes(1));
      looks.looked();
      assertThat(looks.due()).isEqualTo(Look.NONE);
    }
    pass(Duration.ofSeconds(1));
    assertThat(looks.due()).isEqualTo(Look.WHOLE);
    looks.listed();
    assertThat(looks.due()).isEqualTo(Look.NONE);
  }

  @Test
  void everythingIsListedAfterTheMachineSleptOrWasSetBack() {
    pass(Duration.ofSeconds(1));
    wall = wall.plusSeconds(6);
    assertThat(looks.due()).isEqualTo(Look.WHOLE);
    looks.looked();
    assertThat(looks.due()).as("one read does not tell enough").isEqualTo(Look.WHOLE);
    looks.listed();
    assertThat(looks.due()).isEqualTo(Look.NONE);
    wall = wall.minusSeconds(3600);
    assertThat(looks.due()).as("a clock that is set right").isEqualTo(Look.NONE);
  }
}
