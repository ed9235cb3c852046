package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of Stream and of writers, at random moments: the replica always holds a committed
 * state, and Stream goes on where it was whenever it can prove that nothing is missing.
 */
final class KillIT {

  @TempDir Path folder;

  @Test
  void replicaHoldsCommittedStateAfterEveryKill() throws Exception {
    Random random = TestRun.random("kill");
    KillReport report = new KillReport();
    int[] pageSizes = {4096, 512, 65536, 1024, 16384};
    int wanted = TestRun.rounds(35, 1000);
    for (int i = 0; report.kills < wanted; i++) {
      int pageSize = pageSizes[i % pageSizes.length];
      Path place = Files.createDirectory(folder.resolve("campaign-" + i));
      int until = report.kills + TestRun.rounds(7, 17);
      try (KillCampaign campaign = new KillCampaign(random.nextLong(), pageSize, place, report)) {
        while (report.kills < until) {
          campaign.round();
        }
        campaign.finish();
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "page size %d, campaign %d of stream.test.seed=%d: %s%n%s"
                .formatted(pageSize, i, TestRun.seed(), e, report),
            e);
      }
    }
    System.out.println(report);
    assertThat(report.moments).as("restores of a moment").isPositive();
    assertThat(report.quiet).as("kills while nobody wrote").isPositive();
    assertThat(report.resumes()).as("starts that went on").isGreaterThan(report.quiet);
  }
}
