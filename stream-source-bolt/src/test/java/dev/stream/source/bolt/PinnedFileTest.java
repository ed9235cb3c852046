package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of which a program holds a state. */
final class PinnedFileTest {

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path path;

  @SuppressWarnings("NullAway.Init")
  private BoltMeta last;

  @BeforeEach
  void write() throws IOException {
    path = Fixture.written(folder);
    last = Fixture.takeBack(path);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Else a delivery that takes long would have the program hold a state for as long. */
  @Test
  void itMovesOnWithoutBeingAsked() throws Exception {
    try (FakeProgram program = new FakeProgram(path);
        PinnedFile pinned = PinnedFile.open(path, folder)) {
      MemoryCopy memory = new MemoryCopy(path);
      BoltMeta first = pinned.copyTo(memory);
      if (first == null) {
        throw new AssertionError("not copied");
      }
      try (Reading reading =
          Reading.read(memory, first, Proof.still(), pinned.identity(), null, true, folder)) {
        pinned.prove(reading.inUse());
        BoltState known = reading.settle();
        assertThat(pinned.follows(known)).isTrue();
        Fixture.commit(path, last);
        await(() -> program.asked.contains("drop"));
        assertThat(pinned.follows(known)).isTrue();
        try (Reading next = pinned.follow(known)) {
          assertThat(next.meta()).isEqualTo(last);
          assertThat(next.hasChanges()).isTrue();
        }
      }
    }
  }

  @Test
  void aProgramThatEndsIsNoticed() throws Exception {
    try (FakeProgram program = new FakeProgram(path);
        PinnedFile pinned = PinnedFile.open(path, folder)) {
      assertThat(pinned.isHeld()).isTrue();
      program.hangUp();
      Fixture.commit(path, last);
      await(() -> !pinned.isHeld());
    }
  }
}
