package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.SuppliedClock;
import dev.stream.core.upload.ReplicaEpisode.Attempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a replica is told to fail, and when to work again. */
class ReplicaEpisodeTest {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ReplicaEpisode episode = new ReplicaEpisode(new SuppliedClock(() -> now));
  private final List<String> told = new ArrayList<>();

  private int failed(Attempt attempt, String message) throws InterruptedException {
    return episode.failed(attempt, message, () -> told.add("begun: " + message));
  }

  private boolean succeeded(Attempt attempt) throws InterruptedException {
    return episode.succeeded(
        attempt, (failures, since) -> told.add("ended: " + failures + " since " + since));
  }

  @Test
  void itIsToldOnceWithACountHoweverManyKindsFail() throws Exception {
    assertThat(failed(Attempt.SEGMENT, "a segment")).isEqualTo(1);
    now = now.plusSeconds(5);
    assertThat(failed(Attempt.SNAPSHOT, "a snapshot")).isEqualTo(1);
    assertThat(failed(Attempt.SEGMENT, "a segment again")).isEqualTo(2);
    assertThat(succeeded(Attempt.SEGMENT)).isTrue();
    assertThat(told).containsExactly("begun: a segment");
    assertThat(episode.error()).isEqualTo("a snapshot");
    assertThat(succeeded(Attempt.SNAPSHOT)).isTrue();
    assertThat(told).containsExactly("begun: a segment", "ended: 3 since 2026-01-01T00:00:00Z");
    assertThat(episode.error()).isNull();
  }

  @Test
  void aSuccessOfAnotherKindEndsNothing() throws Exception {
    assertThat(failed(Attempt.SEGMENT, "refused")).isEqualTo(1);
    assertThat(succeeded(Attempt.LISTING)).isFalse();
    assertThat(failed(Attempt.SEGMENT, "refused")).isEqualTo(2);
    assertThat(told).containsExactly("begun: refused");
  }

  @Test
  void theNextOneIsCountedAnew() throws Exception {
    assertThat(failed(Attempt.LISTING, "first")).isEqualTo(1);
    assertThat(succeeded(Attempt.LISTING)).isTrue();
    assertThat(succeeded(Attempt.LISTING)).isFalse();
    now = now.plusSeconds(60);
    assertThat(failed(Attempt.SNAPSHOT, "second")).isEqualTo(1);
    assertThat(succeeded(Attempt.SNAPSHOT)).isTrue();
    assertThat(told)
        .containsExactly(
            "begun: first",
            "ended: 1 since 2026-01-01T00:00:00Z",
            "begun: second",
            "ended: 1 since 2026-01-01T00:01:00Z");
  }
}
