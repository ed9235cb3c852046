package dev.stream.core.month;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.state.RestoreTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/** What restores from a simulated replica find. */
final class Restores {

  private final Month month;
  private final ArchiveListing listing;

  /** The reachable states by the time of their last commit, with the number of objects it takes. */
  final NavigableMap<Instant, Integer> objects = new TreeMap<>();

  Restores(Month month) throws Exception {
    this.month = month;
    this.listing = month.listing();
  }

  /** Plans for every state that was ever there, or some of them if there are many. */
  Restores plan(int atMost) {
    int step = Math.max(1, month.commits.size() / atMost);
    int i = 0;
    for (var commit : month.commits.descendingMap().entrySet()) {
      if (i++ % step == 0 && plan(commit.getValue()) instanceof RestorePlan plan) {
        objects.put(commit.getKey(), 1 + plan.segments().size());
      }
    }
    return this;
  }

  private Object plan(long txId) {
    return RestorePlanner.plan(listing, new RestoreTarget.Transaction(month.generation(), txId));
  }

  int most() {
    return Collections.max(objects.values());
  }

  int median() {
    List<Integer> sorted = new ArrayList<>(objects.values());
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** Objects for the newest state. */
  int newest() {
    return 1 + ((RestorePlan) plan(month.txId())).segments().size();
  }

  /** The longest time between two neighbouring reachable states that had commits in between. */
  Duration coarsest(Instant from, Instant to) {
    Duration coarsest = Duration.ZERO;
    Instant reached = null;
    Instant last = null;
    for (var commit : month.commits.subMap(from, true, to, true).entrySet()) {
      if (plan(commit.getValue()) instanceof RestorePlan) {
        reached = commit.getKey();
      } else if (reached != null && last != null) {
        Duration since = Duration.between(reached, commit.getKey());
        coarsest = since.compareTo(coarsest) > 0 ? since : coarsest;
      }
      last = commit.getKey();
    }
    return coarsest;
  }

  /** Really restores some states and proves them against the model. */
  void prove(int count, Path folder, Random random) throws Exception {
    List<Instant> times = new ArrayList<>(objects.keySet());
    for (int i = 0; i < count; i++) {
      long txId = month.commits.get(times.get(random.nextInt(times.size())));
      Path target = folder.resolve("restored-" + txId);
      RestoreState state =
          Restorer.builder(target, Month.codecs())
              .replica("timed", month.replica)
              .state(new RestoreTarget.Transaction(month.generation(), txId))
              .check(DatabaseCheck.NONE)
              .force(true)
              .build()
              .restore();
      assertThat(state.txId()).isEqualTo(txId);
      assertThat(state.checksum()).isEqualTo(month.checksums.get(txId));
      if (txId == month.txId()) {
        assertThat(Files.readAllBytes(target)).isEqualTo(month.bytes());
      }
      Files.delete(target);
    }
  }
}
