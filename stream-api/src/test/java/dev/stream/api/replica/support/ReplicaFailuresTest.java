package dev.stream.api.replica.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

final class ReplicaFailuresTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");

  private final ReplicaFailures failures = new ReplicaFailures("store:x");

  @Test
  void aFailureSaysWhatWhereAndWhy() {
    IOException cause = new IOException("it");
    ReplicaException failure = failures.of(Reason.REJECTED, "read g/a", "it refuses", cause);
    assertThat(failure).hasMessage("cannot read g/a in store:x: it refuses").hasCause(cause);
    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failures.exists(KEY, null))
        .hasMessage("cannot create g/a in store:x: there is one already");
    assertThat(failures.exists(KEY, null).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failures.absent(KEY).reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(failures.absent(KEY)).hasMessage("no object g/a in store:x");
  }

  @Test
  void aFailureThatSaysNothingIsNamed() {
    assertThat(ReplicaFailures.messageOf(new ConnectException())).isEqualTo("ConnectException");
    assertThat(ReplicaFailures.messageOf(new ConnectException("no"))).isEqualTo("no");
  }

  @Test
  void causesAreFoundByTheirType() {
    SocketException inner = new SocketException("reset");
    IOException outer = new IOException(new IllegalStateException(inner));
    assertThat(ReplicaFailures.causeOf(outer, SocketException.class)).isSameAs(inner);
    assertThat(ReplicaFailures.causeOf(inner, SocketException.class)).isSameAs(inner);
    assertThat(ReplicaFailures.causeOf(outer, ConnectException.class)).isNull();
  }

  @Test
  void theFirstFailureIsThrownAndTellsOfTheOthers() throws Exception {
    FailureCollection collected = new FailureCollection();
    collected.rethrow();
    IOException first = new IOException("first");
    collected.add(first);
    collected.add(first);
    for (int i = 0; i < 1000; i++) {
      collected.add(new IOException("other"));
    }
    assertThatThrownBy(collected::rethrow).isSameAs(first);
    assertThat(first.getSuppressed()).hasSize(20);
  }
}
