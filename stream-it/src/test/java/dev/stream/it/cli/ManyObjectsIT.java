package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.state.GenerationId;
import dev.stream.it.cli.StreamProcess.Result;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica of a hundred thousand objects, which is a day of one segment a second, on a heap of 64
 * MiB; nightly one of half a million, in processes of 256 MiB. Four fifths are from before a
 * snapshot of a month ago.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ManyObjectsIT {

  private static final GenerationId GENERATION = new GenerationId("0000019abcdef012-89abcdef");
  private static final int SEGMENTS = TestRun.nightly() ? 500_000 : 100_000;
  private static final int OLD = SEGMENTS / 5 * 4;
  private static final String HEAP = TestRun.nightly() ? "-Xmx176m" : "-Xmx64m";
  private static final long SECONDS = 300;

  /** File systems bound how many names a file may have. */
  private static final int NAMES = 30_000;

  @TempDir private static Path replica;

  @BeforeAll
  static void fill() throws IOException {
    Instant now = Instant.now();
    FileTime old = FileTime.from(now.minus(Duration.ofDays(40)));
    write(ArtefactKeys.snapshot(GENERATION, 1).value(), old);
    Path file = replica;
    for (int i = 0; i < SEGMENTS; i++) {
      String key = ArtefactKeys.segment(GENERATION, 0, i + 2, i + 2).value();
      if (i % NAMES == 0 || i == OLD - 1) {
        file = write(key, i < OLD - 1 ? old : FileTime.from(now));
      } else {
        Files.createLink(replica.resolve(key), file);
      }
    }
    write(
        ArtefactKeys.snapshot(GENERATION, OLD).value(),
        FileTime.from(now.minus(Duration.ofDays(35))));
  }

  private static Path write(String key, FileTime storedAt) throws IOException {
    Path file = replica.resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "no artefact");
    return Files.setLastModifiedTime(file, storedAt);
  }

  @Test
  @Order(1)
  void theyAreListed() throws Exception {
    Result listed = run("list", "--from", replica.toString(), "--json");
    assertThat(listed.exit()).as(listed.err()).isZero();
    assertThat(listed.out().lines().filter(line -> line.contains("\"firstTxId\"")))
        .hasSize(SEGMENTS);
  }

  @Test
  @Order(2)
  void whatMayGoIsPlanned() throws Exception {
    Result planned = run("prune", "--from", replica.toString(), "--retention", "30d", "--dry-run");
    assertThat(planned.exit()).as(planned.err()).isZero();
    assertThat(planned.out()).contains("%,d objects would go".formatted(OLD));
    assertThat(replica.resolve(ArtefactKeys.snapshot(GENERATION, 1).value())).exists();
  }

  @Test
  @Order(3)
  @EnabledIfSystemProperty(named = "stream.test.scale", matches = "nightly")
  void itGoes() throws Exception {
    Result pruned = run("prune", "--from", replica.toString(), "--retention", "30d");
    assertThat(pruned.exit()).as(pruned.err()).isZero();
    try (var left = Files.list(replica.resolve(GENERATION + "/segments/0"))) {
      assertThat(left.count()).isEqualTo(SEGMENTS - OLD + 1);
    }
    assertThat(replica.resolve(ArtefactKeys.snapshot(GENERATION, 1).value())).doesNotExist();
    assertThat(replica.resolve(ArtefactKeys.snapshot(GENERATION, OLD).value())).exists();
  }

  private static Result run(String... args) throws Exception {
    Map<String, String> small = Map.of("STREAM_JAVA_OPTS", HEAP);
    Path launcher = StreamProcess.distribution().resolve("bin/stream");
    try (StreamProcess process = StreamProcess.start(List.of(), small, launcher, args)) {
      return process.awaitWithin(256L << 20, SECONDS);
    }
  }
}
