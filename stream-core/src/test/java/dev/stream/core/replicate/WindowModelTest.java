package dev.stream.core.replicate;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits, compactions, deletions that half succeed, kills and restarts in any order: whatever is
 * asked for inside the promised window is restored, and equals what the model was.
 */
final class WindowModelTest {

  @TempDir Path folder;

  @Test
  void whatIsInsideTheWindowIsRestoredAndOutsideTheNearestIsNamed() throws Exception {
    int restores = 0;
    int deleted = 0;
    int refused = 0;
    for (int run = 0; run < Bench.rounds(8, 300); run++) {
      try (WindowRun one = new WindowRun(folder.resolve("run" + run), Bench.seed(run))) {
        one.run();
        restores += one.restores;
        deleted += one.deleted;
        refused += one.refused;
      }
    }
    System.out.println(
        restores + " restores equal, " + refused + " refused, " + deleted + " objects deleted");
  }
}
