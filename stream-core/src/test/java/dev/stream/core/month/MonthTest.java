package dev.stream.core.month;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.config.RetentionConfig;
import dev.stream.core.month.Month.Day;
import dev.stream.core.month.Month.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some days of a month, with a slower writer: the bounds hold. */
final class MonthTest {

  private static final List<Duration> LEVELS =
      List.of(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1));

  @TempDir Path folder;

  @Test
  void someDaysWithIdleNightsAndAnIdleDay() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Script script =
        new Script(
            LEVELS,
            new RetentionConfig(Duration.ofDays(2), Duration.ofHours(1)),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            200);
    Path shadow = inMemory();
    try (Month month = new Month(shadow, script, seed)) {
      for (int day = 0; day < 3; day++) {
        month.day(true);
      }
      Restores restores = new Restores(month).plan(2_000);
      assertThat(restores.newest()).isLessThanOrEqualTo(45);
      assertThat(restores.most()).isLessThanOrEqualTo(60);
      Instant end = month.commits.lastKey();
      assertThat(restores.coarsest(end.minus(Duration.ofMinutes(50)), end)).isZero();
      assertThat(restores.coarsest(end.minus(Duration.ofHours(23)), end))
          .isLessThanOrEqualTo(Duration.ofSeconds(40));
      assertThat(restores.coarsest(end.minus(Duration.ofHours(47)), end))
          .isLessThanOrEqualTo(Duration.ofMinutes(6));
      restores.prove(20, folder, new Random(seed));
      Day idle = month.day(false);
      assertThat(idle.puts()).as("artefacts of an idle day").isLessThanOrEqualTo(3);
      assertThat(idle.lists() + idle.deletes())
          .as("a look before each store, one after it, what goes then")
          .isLessThanOrEqualTo(2 * idle.puts() + 2);
      Day restful = month.day(false);
      assertThat(restful.puts()).isZero();
      assertThat(restful.lists()).as("the safety look").isEqualTo(1);
      assertThat(restful.deletes()).isZero();
      new Restores(month).plan(500).prove(10, folder, new Random(seed));
    } finally {
      delete(shadow);
    }
  }

  /** Thousands of small files are made durable one by one: not on a disk, if that can be. */
  private Path inMemory() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "stream-month-")
        : folder.resolve("shadow");
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
