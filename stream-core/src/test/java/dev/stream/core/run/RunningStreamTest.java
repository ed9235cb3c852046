package dev.stream.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What another process makes of a shadow directory. */
final class RunningStreamTest {

  private static final Instant TOLD = Instant.parse("2026-05-01T12:00:00Z");

  private final ObjectNode status = new ObjectMapper().createObjectNode();

  RunningStreamTest() {
    status.put("state", "running").put("pid", 7).put("updatedAt", TOLD.toString());
    status.putArray("problems");
  }

  private RunningStream seen(Long holder, Duration later) {
    return RunningStream.of(true, holder, status, Clock.fixed(TOLD.plus(later), ZoneOffset.UTC));
  }

  @Test
  void oneThatTellsNothingBadIsHealthy() {
    RunningStream running = seen(7L, Duration.ofSeconds(9));
    assertThat(running.state()).isEqualTo(RunningStream.State.RUNNING);
    assertThat(running.problems()).isEmpty();
    assertThat(running.healthy()).isTrue();
  }

  @Test
  void itsOwnProblemsAreTold() {
    status.putArray("problems").add("replica r0 lags by 3 h 0 min");
    assertThat(seen(7L, Duration.ZERO).problems()).containsExactly("replica r0 lags by 3 h 0 min");
  }

  @Test
  void oneThatHasToldNothingForAWhileIsFrozenHoweverWellItWas() {
    RunningStream running = seen(7L, Duration.ofSeconds(30));
    assertThat(running.state()).isEqualTo(RunningStream.State.FROZEN);
    assertThat(running.problems())
        .singleElement()
        .asString()
        .contains("pid 7", "has told nothing for 30.0 s");
    assertThat(seen(7L, Duration.ofSeconds(-30)).healthy()).as("a clock set back").isFalse();
  }

  @Test
  void aSuccessorThatDoesNotCaptureYetIsNotTakenForItsPredecessor() {
    assertThat(seen(8L, Duration.ZERO).state()).isEqualTo(RunningStream.State.STARTING);
    status.put("state", "stopped");
    assertThat(seen(7L, Duration.ZERO).state()).isEqualTo(RunningStream.State.STARTING);
    assertThat(seen(7L, Duration.ZERO).healthy()).isFalse();
  }

  @Test
  void whoWaitsForADatabaseSaysSo() {
    status.put("state", "waiting").putArray("problems").add("there is no database yet");
    RunningStream waiting = seen(7L, Duration.ZERO);
    assertThat(waiting.state()).isEqualTo(RunningStream.State.WAITING);
    assertThat(waiting.problems()).isEqualTo(List.of("there is no database yet"));
  }

  @Test
  void withoutAHolderNothingIsReplicated() {
    assertThat(seen(null, Duration.ZERO).state()).isEqualTo(RunningStream.State.KILLED);
    status.put("state", "stopped");
    assertThat(seen(null, Duration.ZERO).state()).isEqualTo(RunningStream.State.STOPPED);
    assertThat(seen(null, Duration.ZERO).problems()).hasSize(1);
    RunningStream never = RunningStream.of(false, null, null, Clock.systemUTC());
    assertThat(never.state()).isEqualTo(RunningStream.State.NEVER);
    assertThat(never.healthy()).isFalse();
  }
}
