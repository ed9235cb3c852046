package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.state.GenerationId;
import dev.stream.it.Bytes;
import dev.stream.testkit.TestRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two machines and one replica: a second one restores from it and takes over while the first is
 * paused, or goes on writing. No restore ever mixes what the two wrote, the second one's is the
 * newest, and the first says that it has stopped.
 */
final class TwoMachinesIT {

  @TempDir Path folder;

  private Duration longest = Duration.ZERO;

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("dev.stream.it.backend.BackendKind#all")
  void whoeverTakesOverHasTheNewestState(BackendKind kind) throws Exception {
    Random random = TestRun.random("machines " + kind);
    int rounds = TestRun.rounds(3, 100);
    try (Backend backend = kind.start();
        Place place = new Place(backend.type(), backend.config("machines"), folder)) {
      Machine first =
          new Machine(
              folder.resolve("m0"), new byte[0], backend.type(), backend.config("machines"));
      try {
        for (int round = 1; round <= rounds; round++) {
          Machine next;
          try {
            next = takeOver(first, folder.resolve("m" + round), backend, place, random, round % 3);
          } catch (AssertionError e) {
            throw new AssertionError(
                "round %d of stream.test.seed=%d".formatted(round, TestRun.seed()), e);
          }
          first.close();
          first = next;
        }
      } finally {
        first.close();
      }
    }
    System.out.printf(
        "two machines on %s: %d take-overs, told at the latest %d ms after the write%n",
        kind, rounds, longest.toMillis());
  }

  /** One machine takes over from another one, and both go on. Returns the one that has it now. */
  private Machine takeOver(
      Machine first, Path disk, Backend backend, Place place, Random random, int how)
      throws Exception {
    first.write(1 + random.nextInt(5));
    byte[] last = first.synced();
    GenerationListing line = place.restores().newestGeneration();
    long lastTxId = line.newestTxId().orElseThrow();
    boolean frozen = how != 0;
    if (frozen) {
      first.freeze();
    }
    if (how == 1) {
      first.write(1 + random.nextInt(3)); // its application does not know
    }
    byte[] restored = place.restores().newest();
    Bytes.assertSame("what the second one restores", restored, last);
    Machine second = new Machine(disk, restored, backend.type(), backend.config("machines"));
    try {
      second.write(1 + random.nextInt(5));
      if (!frozen) {
        first.write(1 + random.nextInt(5));
      }
      byte[] theirs = second.synced();
      if (frozen) {
        Bytes.assertSame("the newest state", place.restores().newest(), theirs);
        first.wake();
      }
      first.write(1 + random.nextInt(5));
      long written = System.nanoTime();
      assertThat(first.heldBack()).contains("another Stream writes to replica");
      Duration told = Duration.ofNanos(System.nanoTime() - written);
      longest = told.compareTo(longest) > 0 ? told : longest;
      second.write(1 + random.nextInt(5));
      Bytes.assertSame("the newest state", second.synced(), place.restores().newest());
      assertThat(second.isHeldBack()).isFalse();
      assertOneLineEach(place, line.id(), lastTxId, last);
      return second;
    } catch (AssertionError | Exception e) {
      second.close();
      throw e;
    }
  }

  /** What the first one wrote is as it was, and everything is whole. */
  private static void assertOneLineEach(Place place, GenerationId line, long lastTxId, byte[] last)
      throws Exception {
    Bytes.assertSame("the first one's line", place.restores().at(line, lastTxId), last);
    assertThat(place.restores().verify().ok()).isTrue();
  }
}
