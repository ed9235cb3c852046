package dev.stream.core.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.event.StreamListener;
import dev.stream.core.replicate.Bench;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.status.GenerationCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loop that merges, step by step, and what it does about failures. */
@Timeout(60)
final class CompactionLoopTest {

  private static final List<Duration> LEVELS =
      List.of(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(60));

  private static Environment environment(Clock clock, Tasks tasks) {
    return new Environment(clock, System::nanoTime, Sleeper.SYSTEM, StreamListener.SILENT, tasks);
  }

  @TempDir Path folder;

  /** Ends a step where a kill would. */
  private static final class Kill extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A shadow directory whose only guardian is the loop: what it lets go of is deleted. */
  private static final class Desk implements CompactionLoop.Events {
    private final SegmentHistory history;
    private final Random random;
    private final Runnable danger;
    private CompactionLoop loop;
    private Instant horizon = Instant.EPOCH;

    Desk(SegmentHistory history, Random random, Runnable danger) throws IOException {
      this.history = history;
      this.random = random;
      this.danger = danger;
      open();
    }

    /** As after a start. */
    void open() throws IOException {
      loop =
          new CompactionLoop(
              history.directory,
              LEVELS,
              history.merger(),
              generation -> horizon,
              found(),
              this,
              environment(Clock.fixed(SegmentHistory.NOW, ZoneOffset.UTC), new Tasks("")));
      loop.began(
          new GenerationStart(
              SegmentHistory.GENERATION,
              DatabaseState.of(0, 0, 512, 0, ""),
              SegmentHistory.NOW,
              GenerationCause.RESUMED,
              ""),
          false);
    }

    List<SealedArtefact> found() throws IOException {
      List<SealedArtefact> found = new ArrayList<>();
      for (var generation : history.directory.list().generations()) {
        for (ArtefactDescriptor each : generation.artefacts()) {
          SegmentDescriptor segment = (SegmentDescriptor) each;
          found.add(SealedArtefact.of(segment, SegmentHistory.NOW.plusMillis(segment.firstTxId())));
        }
      }
      return found;
    }

    /** Works until nothing is due; whenever it is killed, it starts again. */
    void work() throws IOException {
      while (true) {
        try {
          danger.run();
          while (loop.step()) {
            danger.run();
          }
          return;
        } catch (Kill e) {
          open();
        }
      }
    }

    @Override
    public void merged(SealedArtefact segment) {
      danger.run();
      loop.sealed(segment);
      danger.run();
    }

    @Override
    public void released() {
      prune(danger);
    }

    void prune(Runnable between) {
      try {
        List<SealedArtefact> all = found();
        Collections.shuffle(all, random);
        List<SealedArtefact> chain = CompactionPlanner.uncovered(all);
        for (SealedArtefact artefact : all) {
          between.run();
          if (!loop.waits(artefact) && !chain.contains(artefact)) {
            history.directory.delete(artefact.key());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      between.run();
    }

    Set<String> keys() throws IOException {
      Set<String> keys = new TreeSet<>();
      found().forEach(segment -> keys.add(segment.key().value()));
      return keys;
    }
  }

  @Test
  void aKillBetweenAnyTwoStepsChangesNothingOfWhatComesOfIt() throws Exception {
    for (int run = 0; run < Bench.rounds(8, 1_000); run++) {
      long seed = Bench.seed(run);
      AtomicInteger unused = new AtomicInteger();
      Set<String> calm = keysAfter(seed, "calm" + run, unused::incrementAndGet);
      Random fate = new Random(seed);
      Set<String> killed =
          keysAfter(
              seed,
              "killed" + run,
              () -> {
                if (fate.nextInt(6) == 0) {
                  throw new Kill();
                }
              });
      assertThat(killed).as("seed %d", seed).isEqualTo(calm);
    }
  }

  private Set<String> keysAfter(long seed, String name, Runnable danger) throws IOException {
    Random random = new Random(seed);
    SegmentHistory history = new SegmentHistory(folder.resolve(name), 512, random);
    Desk desk = new Desk(history, new Random(seed), danger);
    for (int i = 0; i < 40; i++) {
      desk.loop.sealed(history.grow());
      desk.horizon = SegmentHistory.NOW.plusMillis(history.states.lastKey());
      if (i % 3 == 0) {
        desk.work();
      }
    }
    desk.horizon = Instant.MAX;
    desk.work();
    desk.open(); // what a kill kept from being deleted goes after the next start
    desk.work();
    desk.prune(() -> {});
    byte[] state = history.states.get(0L);
    for (SealedArtefact segment : CompactionPlanner.uncovered(desk.found())) {
      state = history.apply(segment, state);
      assertThat(state).as("seed %d", seed).isEqualTo(history.states.get(segment.lastTxId()));
    }
    assertThat(state).isEqualTo(history.states.lastEntry().getValue());
    history.directory.close();
    return desk.keys();
  }

  @Test
  void aFailureIsToldOnceAndTriedAgainAndNeverEndsTheThread() throws Exception {
    Random random = new Random(Bench.seed(0));
    SegmentHistory history = new SegmentHistory(folder.resolve("s"), 512, random);
    AtomicInteger failures = new AtomicInteger();
    AtomicInteger merged = new AtomicInteger();
    Path tmp = folder.resolve("s/tmp");
    List<CompactionLoop> loops = new ArrayList<>();
    CompactionLoop.Events events =
        new CompactionLoop.Events() {
          @Override
          public void merged(SealedArtefact segment) {
            if (failures.getAndIncrement() == 0) {
              throw new OutOfMemoryError("as if");
            }
            merged.incrementAndGet();
            loops.get(0).sealed(segment);
          }

          @Override
          public void released() {}
        };
    for (int i = 0; i < 5; i++) {
      history.grow();
    }
    Tasks tasks = new Tasks("");
    CompactionLoop loop =
        new CompactionLoop(
            history.directory,
            List.of(Duration.ofDays(1)),
            history.merger(),
            generation -> Instant.MAX,
            history.segments,
            events,
            environment(Clock.systemUTC(), tasks));
    loops.add(loop);
    Files.delete(tmp);
    loop.start();
    loop.began(
        new GenerationStart(
            SegmentHistory.GENERATION,
            DatabaseState.of(0, 0, 512, 0, ""),
            SegmentHistory.NOW,
            GenerationCause.RESUMED,
            ""),
        false);
    Bench.await("told", () -> loop.failure() != null);
    assertThat(loop.failure().message()).contains("tmp");
    Files.createDirectory(tmp);
    Bench.await("an Error", () -> failures.get() > 0);
    Bench.await("merged all the same", () -> merged.get() == 1);
    Bench.await("the end of the episode", () -> loop.failure() == null);
    loop.stop();
    loop.awaitEnd(System.nanoTime() + Bench.SOON.toNanos());
    assertThat(tasks.stop()).isEmpty();
  }
}
