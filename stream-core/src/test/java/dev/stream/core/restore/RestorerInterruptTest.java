package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.Faulty;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.retry.Retry;
import dev.stream.core.verify.ReplicaVerifier;
import dev.stream.core.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An interrupt, at whatever point of a restore, is told as one; what a listener throws is not. */
class RestorerInterruptTest extends RestoreFixture {

  private static final byte[] OLD = {1, 2, 3};

  @AfterEach
  void uninterrupted() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void anInterruptAtAnyPointIsToldAsSuchAndChangesNothing() throws IOException {
    Set<RestorePhase> ended = EnumSet.noneOf(RestorePhase.class);
    int calls = 0;
    for (boolean restored = false; !restored; calls++) {
      Files.write(target, OLD);
      InterruptAt listener = new InterruptAt(Thread.currentThread(), calls);
      try {
        builder().force(true).listener(listener).build().restore();
        restored = listener.phase == null || listener.phase == RestorePhase.MOVE;
        assertRestored();
      } catch (RestoreException e) {
        assertThat(e.reason()).as(listener.phase + ": " + e).isEqualTo(Reason.INTERRUPTED);
        assertThat(e).hasMessageStartingWith("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
        assertThat(files()).containsExactly("app.db");
        ended.add(listener.phase);
      }
      boolean unused = Thread.interrupted();
    }
    assertThat(ended).contains(RestorePhase.LIST, RestorePhase.FETCH, RestorePhase.PROVE);
  }

  private static final class InterruptAt implements RestoreListener {

    private final Thread caller;
    private int left;
    volatile RestorePhase phase;

    InterruptAt(Thread caller, int calls) {
      this.caller = caller;
      this.left = calls;
    }

    @Override
    public void onProgress(RestorePhase now, long done, long total) {
      if (left-- == 0) {
        phase = now;
        caller.interrupt();
      }
    }
  }

  @Test
  void whatAListenerThrowsEndsNoRestore() throws IOException {
    Set<String> called = ConcurrentHashMap.newKeySet();
    builder().listener(Faulty.listener(RestoreListener.class, called)).build().restore();
    assertRestored();
    assertThat(called).contains("onProgress", "onReplicaChosen");
    VerifyReport report =
        new ReplicaVerifier(
                "one",
                new ReplicaArchive(replica, Retry.none()),
                PageHistory::codecs,
                4,
                Faulty.listener(RestoreListener.class, called))
            .verify(false);
    assertThat(report.ok()).isTrue();
  }
}
