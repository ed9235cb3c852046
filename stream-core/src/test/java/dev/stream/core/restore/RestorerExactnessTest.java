package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.retry.Backoff;
import dev.stream.core.retry.Retry;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorerExactnessTest {

  @TempDir Path folder;

  @Test
  void everyStateThatIsKeptIsRestoredByteForByte() throws IOException {
    for (int round = 0; round < Seeds.rounds(25, 500); round++) {
      Random random = Seeds.random("exact", round);
      TestReplica replica = new TestReplica();
      int pageSize = 512 << random.nextInt(5);
      long base = random.nextInt(3) * 7L + 1;
      PageHistory history =
          new PageHistory(Listings.NEW, pageSize, random)
              .begin(base, 1 + random.nextInt(60))
              .commit(12);
      history.snapshot(replica, base);
      for (long at = base; at < base + 12; ) {
        long last = Math.min(base + 12, at + 1 + random.nextInt(3));
        history.segment(replica, 0, at + 1, last);
        if (random.nextInt(4) == 0) {
          history.snapshot(replica, last);
        }
        at = last;
      }
      history.segment(replica, 1, base + 1, base + 6);
      replica.flaky = random.nextInt(3) == 0 ? new Random(round) : null;
      for (long txId = base; txId <= base + 12; txId++) {
        restore(replica, history, txId, round);
      }
    }
  }

  private void restore(TestReplica replica, PageHistory history, long txId, int round)
      throws IOException {
    Path target = folder.resolve("restored-" + round + "-" + txId + ".db");
    Restorer restorer =
        Restorer.builder(target, PageHistory::codecs)
            .replica("one", replica)
            .state(new RestoreTarget.Transaction(null, txId))
            .parallelism(3)
            .retry(new Retry(Backoff.BRISK, 60, new Random(1), duration -> {}))
            .build();
    try {
      RestoreState state = restorer.restore();
      assertThat(Files.readAllBytes(target))
          .as(Seeds.where(round))
          .isEqualTo(history.states.get(txId));
      assertThat(state.txId()).isEqualTo(txId);
      assertThat(state.checksum()).isEqualTo(history.checksum(txId));
    } catch (RestoreException e) {
      assertThat(e).as(Seeds.where(round)).hasMessageContaining("no state as of exactly");
    }
    Files.deleteIfExists(target);
  }

  @Test
  void aPageThatWasCutOffAndCameBackEmptyIsEmpty() throws IOException {
    TestReplica replica = new TestReplica();
    PageHistory history = new PageHistory(Listings.NEW, 512, new Random(1)).begin(1, 10);
    byte[] full = history.states.get(1L);
    history.states.put(2L, Arrays.copyOf(full, 5 * 512));
    history.states.put(3L, Arrays.copyOf(history.states.get(2L), 10 * 512));
    history.snapshot(replica, 1);
    history.segment(replica, 0, 2, 2);
    replica.objects.put(
        ArtefactKeys.segment(Listings.NEW, 0, 3, 3).value(),
        history.artefact(history.header(0, 2, 3, 0), full, List.of()));
    Path target = folder.resolve("restored.db");
    Restorer.builder(target, PageHistory::codecs).replica("one", replica).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(3L));
  }

  @Test
  void aLargeArtefactIsReadInFewRequestsAndOnlyWhereItIsNeeded() throws IOException {
    TestReplica replica = new TestReplica();
    PageHistory history =
        new PageHistory(Listings.NEW, 4096, new Random(1)).begin(1, 3000).commit(5);
    history.snapshot(replica, 1);
    history.segment(replica, 0, 2, 6);
    Path target = folder.resolve("restored.db");
    RestoreState state =
        Restorer.builder(target, PageHistory::codecs).replica("one", replica).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(6L));
    // 12 MB in ranges of 2 MiB, plus index and header.
    assertThat(state.requests()).isBetween(6L, 14L);
    assertThat(state.objectsFetched()).isEqualTo(2);
  }

  @Test
  void manySmallSegmentsCostOneRequestEach() throws IOException {
    TestReplica replica = new TestReplica();
    PageHistory history =
        new PageHistory(Listings.NEW, 512, new Random(1)).begin(1, 20).commit(2000);
    history.snapshot(replica, 1);
    for (long txId = 2; txId <= 2001; txId++) {
      history.segment(replica, 0, txId, txId);
    }
    Path target = folder.resolve("restored.db");
    RestoreState state =
        Restorer.builder(target, PageHistory::codecs).replica("one", replica).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(2001L));
    assertThat(replica.opens.get()).isEqualTo(2001);
    assertThat(state.segments()).isEqualTo(2000);
  }
}
