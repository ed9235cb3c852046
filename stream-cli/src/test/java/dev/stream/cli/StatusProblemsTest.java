package dev.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a running Stream's status is reported as. */
class StatusProblemsTest {

  private final ObjectNode status = Json.mapper().createObjectNode();

  private List<String> problems() {
    RunningStream running = new RunningStream(RunningStream.State.RUNNING, status);
    return StatusCommand.problems(running, Duration.ofMinutes(1));
  }

  @Test
  void nothingIsWrongWhereNothingIsTold() {
    status.putNull("error").putNull("compactionError").putNull("compactionFailingSince");
    assertThat(problems()).isEmpty();
  }

  @Test
  void compactionThatFailsIsAProblemWithItsBeginning() {
    status.put("compactionError", "cannot merge segments: no room");
    status.put("compactionFailingSince", "2026-05-01T12:00:00Z");
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("compaction fails since 2026-05-01", "cannot merge segments: no room");
  }

  @Test
  void aStatusOfAnOlderStreamTellsNothingOfCompaction() {
    assertThat(problems()).isEmpty();
  }
}
