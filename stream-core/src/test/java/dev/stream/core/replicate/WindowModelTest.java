package dev.stream.core.replicate;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits, catch-ups, compactions, snapshots that pay, pins, deletions that half succeed, kills and
 * restarts in any order: whatever is asked for inside the promised window is restored, in the end
 * each state that ever was on the replica, also over an older copy, and equals what the model was;
 * so does whatever a copy that follows is at any time.
 */
final class WindowModelTest {

  @TempDir Path folder;

  @Test
  void whatIsInsideTheWindowIsRestoredAndOutsideTheNearestIsNamed() throws Exception {
    int restores = 0;
    int deleted = 0;
    int refused = 0;
    int snapshots = 0;
    int catchUps = 0;
    int pinned = 0;
    for (int run = 0; run < Bench.rounds(8, 300); run++) {
      try (WindowRun one = new WindowRun(folder.resolve("run" + run), Bench.seed(run))) {
        one.run();
        restores += one.restores;
        deleted += one.deleted;
        refused += one.refused;
        snapshots += one.snapshots;
        catchUps += one.catchUps;
        pinned += one.pinned;
      }
    }
    System.out.println(
        restores
            + " restores equal, "
            + refused
            + " refused, "
            + deleted
            + " objects deleted, "
            + snapshots
            + " snapshots left, "
            + catchUps
            + " catch-ups, "
            + pinned
            + " pins");
  }
}
