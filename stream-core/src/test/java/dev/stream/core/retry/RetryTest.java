package dev.stream.core.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.Faulty;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryTest {

  private final List<Duration> slept = new ArrayList<>();
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  private Retry retry(int attempts) {
    return new Retry(backoff, attempts, new Random(1), slept::add);
  }

  @Test
  void succeedsAfterFailuresThatPass() throws IOException {
    int[] calls = {0};
    String result =
        retry(5)
            .call(
                () -> {
                  if (++calls[0] < 4) {
                    throw new ReplicaException(Reason.UNAVAILABLE, "down");
                  }
                  return "up";
                });
    assertThat(result).isEqualTo("up");
    assertThat(slept).hasSize(3);
  }

  @Test
  void givesUpAfterTheLastAttemptWithTheLastFailure() {
    int[] calls = {0};
    assertThatThrownBy(
            () ->
                retry(3)
                    .call(
                        () -> {
                          throw new IOException("failure " + ++calls[0]);
                        }))
        .hasMessage("failure 3");
    assertThat(slept).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(value = Reason.class, names = "UNAVAILABLE", mode = EnumSource.Mode.EXCLUDE)
  void doesNotTryAgainWhatCannotSucceed(Reason reason) {
    assertThatThrownBy(
            () ->
                retry(3)
                    .call(
                        () -> {
                          throw new ReplicaException(reason, "no");
                        }))
        .hasMessage("no");
    assertThat(slept).isEmpty();
  }

  @Test
  void whatAListenerThrowsEndsNothing() throws IOException {
    Set<String> called = ConcurrentHashMap.newKeySet();
    int[] attempts = {0};
    String result =
        retry(3)
            .call(
                () -> {
                  if (attempts[0]++ == 0) {
                    throw new IOException("down");
                  }
                  return "up";
                },
                Faulty.listener(RetryListener.class, called));
    assertThat(result).isEqualTo("up");
    assertThat(called).containsExactly("onFailure");
  }

  @Test
  void aSocketTimeoutIsTriedAgainButAnInterruptionIsNot() {
    assertThat(Retry.isRetryable(new SocketTimeoutException())).isTrue();
    assertThat(Retry.isRetryable(new InterruptedIOException())).isFalse();
    assertThat(Retry.isRetryable(new java.nio.channels.ClosedByInterruptException())).isFalse();
  }

  @Test
  void anInterruptionWhileWaitingEndsItAndStaysSet() {
    Retry retry =
        new Retry(
            backoff,
            Retry.UNBOUNDED,
            new Random(1),
            duration -> {
              throw new InterruptedException();
            });
    assertThatThrownBy(
            () ->
                retry.call(
                    () -> {
                      throw new IOException("down");
                    }))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessageContaining("down");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void anInterruptedThreadDoesNotTryAgain() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                retry(3)
                    .call(
                        () -> {
                          throw new IOException("down");
                        }))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(slept).isEmpty();
  }

  @Test
  void progressMakesTheNextFailureTheFirst() throws IOException {
    Retry.Attempts attempts = retry(2).attempts(RetryListener.SILENT);
    for (int i = 0; i < 10; i++) {
      attempts.failed(new IOException("down"));
      attempts.progressed();
    }
    attempts.failed(new IOException("down"));
    assertThatThrownBy(() -> attempts.failed(new IOException("last"))).hasMessage("last");
  }

  @Test
  void theListenerLearnsOfEveryFailureThatIsTriedAgain() {
    List<String> heard = new ArrayList<>();
    assertThatThrownBy(
            () ->
                retry(3)
                    .call(
                        () -> {
                          throw new IOException("down");
                        },
                        (failures, wait, cause) -> heard.add(failures + " " + cause.getMessage())))
        .hasMessage("down");
    assertThat(heard).containsExactly("1 down", "2 down");
  }

  @Test
  void waitsDoubleUpToTheCapAndAreSpreadOverTheWholeRange() {
    assertThat(backoff.ceiling(1)).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.ceiling(3)).isEqualTo(Duration.ofMillis(400));
    assertThat(backoff.ceiling(5)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.ceiling(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1));
    Random random = new Random(7);
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      delays.add(backoff.delay(3, random));
    }
    assertThat(delays).allMatch(delay -> !delay.isNegative());
    assertThat(delays).allMatch(delay -> delay.compareTo(Duration.ofMillis(400)) <= 0);
    assertThat(delays).anyMatch(delay -> delay.compareTo(Duration.ofMillis(20)) < 0);
    assertThat(delays).anyMatch(delay -> delay.compareTo(Duration.ofMillis(380)) > 0);
  }
}
