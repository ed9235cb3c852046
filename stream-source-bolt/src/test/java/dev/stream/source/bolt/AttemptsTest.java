package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that leaves no time to read. */
final class AttemptsTest {

  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(30);

  @TempDir Path folder;

  private final AtomicInteger readings = new AtomicInteger();

  /** Another transaction is committed as soon as it was looked which one is the newest. */
  private Attempts.Wish commitsMeanwhile(BoltFile file, BoltMeta newest) throws IOException {
    readings.incrementAndGet();
    Fixture.commit(folder.resolve("state.db"), Fixture.numbered(newest, newest.txId() + 1));
    return new Attempts.Wish(null, true);
  }

  private static FileClone clones(Path folder, String... command) {
    return new FileClone(List.of(command), folder);
  }

  @Test
  void itIsTriedAgainForABoundedTime() throws Exception {
    Path file = Fixture.written(folder);
    Attempts attempts = new Attempts(file, folder, clones(folder, "false"));
    assertThatThrownBy(() -> attempts.read(this::commitsMeanwhile, PATIENCE))
        .isInstanceOf(MovedOnException.class)
        .hasMessageContaining(file + " (1 MiB) is written to faster than it can be read")
        .hasMessageContaining("\"tempDir\"");
    assertThat(readings.get()).isGreaterThan(1);
    assertThat(folder.toFile().list()).containsExactly("state.db");
  }

  @Test
  void aCloneIsReadWhereThereCanBeOne() throws Exception {
    Path file = Fixture.written(folder);
    Attempts attempts = new Attempts(file, folder, clones(folder, "cp", "--"));
    try (Reading reading = attempts.read(this::commitsMeanwhile, PATIENCE)) {
      assertThat(reading).isNotNull();
      if (reading != null) {
        // The step is asked once more, about the clone, and commits to the file; not to the clone.
        assertThat(reading.meta().txId()).isEqualTo(Fixture.meta(file).txId() - 1);
      }
    }
    assertThat(readings.get()).isEqualTo(3);
    assertThat(folder.toFile().list()).containsExactly("state.db");
  }

  @Test
  void aMachineWithoutTheCommandHasNoClones() throws Exception {
    Path file = Fixture.written(folder);
    Attempts attempts = new Attempts(file, folder, clones(folder, "no-such-command"));
    assertThatThrownBy(() -> attempts.read(this::commitsMeanwhile, PATIENCE))
        .isInstanceOf(MovedOnException.class);
    assertThat(folder.toFile().list()).containsExactly("state.db");
  }
}
