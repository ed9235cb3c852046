package dev.stream.it.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the process that writes, at random moments: the newest restore holds every
 * commit that was acknowledged, and the next process goes on where the shadow log ends. H2 itself
 * rarely cannot make use of a file whose process was killed ("Double mark"; rows of a transaction
 * in part); that is told apart from what Stream does by the bytes.
 */
final class H2KillIT {

  @TempDir Path folder;

  @Test
  void newestRestoreHoldsEveryAcknowledgedCommitAfterEveryKill() throws Exception {
    Random random = TestRun.random("h2 kill");
    H2KillReport report = new H2KillReport();
    int wanted = TestRun.rounds(40, 1000);
    for (int i = 0; report.kills < wanted; i++) {
      KillStore.Kind kind = i % 3 == 2 ? KillStore.Kind.MAPS : KillStore.Kind.SQL;
      boolean alone = i % 2 == 1;
      Path place = Files.createDirectory(folder.resolve("campaign-" + i));
      int until = Math.min(wanted, report.kills + 7);
      try (H2KillCampaign campaign =
          new H2KillCampaign(random.nextLong(), kind, alone, place, report)) {
        while (report.kills < until && !campaign.isOver()) {
          campaign.round();
        }
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "%s %s, campaign %d of stream.test.seed=%d%n%s"
                .formatted(kind, alone ? "without a replica" : "", i, TestRun.seed(), report),
            e);
      }
    }
    System.out.println("stream.test.seed=" + TestRun.seed() + System.lineSeparator() + report);
    assertThat(report.held())
        .as("kills after which everything was there")
        .isGreaterThan(wanted / 2);
    assertThat(report.lostByH2())
        .as("files that were equal byte for byte, and of no use to H2")
        .hasSizeLessThanOrEqualTo(Math.max(1, wanted / 100));
    // How many starts were killed before they captured anything is a matter of chance.
    assertThat(report.resumes()).as("starts that went on").isGreaterThan(report.begun());
  }
}
