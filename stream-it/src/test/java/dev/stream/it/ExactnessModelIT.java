package dev.stream.it;

import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every state that can be restored is, byte for byte, one that the source had, whatever two other
 * processes do to it.
 */
final class ExactnessModelIT {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void everySealedSegmentRestoresWhatTheSourceWas(int pageSize) throws Exception {
    Random seeds = TestRun.random("exactness " + pageSize);
    int rounds = TestRun.rounds(5, 130);
    int compared = 0;
    int judged = 0;
    int lost = 0;
    int caughtUp = 0;
    for (int round = 0; round < rounds; round++) {
      long seed = seeds.nextLong();
      Path place = Files.createDirectory(folder.resolve("run-" + round));
      ExactnessRun run = new ExactnessRun(seed, pageSize, place);
      try {
        run.run();
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "page size %d, run %d of stream.test.seed=%d"
                .formatted(pageSize, round, TestRun.seed()),
            e);
      }
      compared += run.compared;
      judged += run.judged;
      lost += run.newGenerations;
      caughtUp += run.catchUps;
      Shell.expect("rm", "-r", place.toString());
    }
    System.out.printf(
        "exactness: page size %d, %d runs, %d restores compared byte for byte, %d judged by rows,"
            + " %d times caught up, %d positions lost%n",
        pageSize, rounds, compared, judged, caughtUp, lost);
  }
}
