package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look reads. */
final class FileCaptureTest {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  @TempDir Path folder;

  private final ReplayedDatabase replay = ReplayedDatabase.inMemory();

  private static boolean look(FileCapture capture) throws IOException {
    return capture.deliver(PATIENCE_NANOS, () -> false);
  }

  @Test
  void thePagesOfACommitThatIsOnItsWayAreNoReasonToReadTheFile() throws IOException {
    Path file = Fixture.written(folder);
    try (Attempts attempts = new Attempts(file, folder, new FileClone(List.of("false"), folder))) {
      FileCapture capture = new FileCapture(attempts, replay, 0, "nothing was captured before");
      assertThat(look(capture)).isTrue();
      assertThat(capture.hasBegunAnew()).isTrue();
      BoltMeta meta = Fixture.meta(file);
      Fixture.commit(file, Fixture.numbered(meta, meta.txId() + 1));
      assertThat(look(capture)).isTrue();
      assertThat(capture.hasBegunAnew()).isFalse();
      // A page that is in use, so that whoever reads the file sees that it has changed.
      Fixture.patchLong(file, (meta.freelist() + 1) * Fixture.PAGE - 8, 7);
      assertThat(look(capture)).isFalse();
      assertThat(replay.bases()).hasSize(1);
    }
  }
}
