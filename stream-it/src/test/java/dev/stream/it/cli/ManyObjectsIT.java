package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationId;
import dev.stream.it.cli.StreamProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica of a hundred thousand objects, which is a day of one segment a second, in 64 MiB. */
final class ManyObjectsIT {

  private static final GenerationId GENERATION = new GenerationId("0000019abcdef012-89abcdef");
  private static final int SEGMENTS = 100_000;

  /** File systems bound how many names a file may have. */
  private static final int NAMES = 30_000;

  @TempDir private static Path replica;

  @BeforeAll
  static void fill() throws IOException {
    write(ArtefactKeys.snapshot(GENERATION, 1).value());
    Path file = replica;
    for (int i = 0; i < SEGMENTS; i++) {
      String key = ArtefactKeys.segment(GENERATION, 0, i + 2, i + 2).value();
      if (i % NAMES == 0) {
        file = write(key);
      } else {
        Files.createLink(replica.resolve(key), file);
      }
    }
  }

  private static Path write(String key) throws IOException {
    Path file = replica.resolve(key);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "no artefact");
  }

  @Test
  void theyAreListed() throws Exception {
    Result listed = run("list", "--from", replica.toString(), "--json");
    assertThat(listed.exit()).as(listed.err()).isZero();
    assertThat(listed.out().lines().filter(line -> line.contains("\"firstTxId\"")))
        .hasSize(SEGMENTS);
  }

  @Test
  void whatMayGoIsPlanned() throws Exception {
    Result planned = run("prune", "--from", replica.toString(), "--retention", "30d", "--dry-run");
    assertThat(planned.exit()).as(planned.err()).isZero();
    assertThat(planned.out()).contains("100,000 segments").contains("0 objects would go");
  }

  private static Result run(String... args) throws Exception {
    Map<String, String> small = Map.of("STREAM_JAVA_OPTS", "-Xmx64m");
    Path launcher = StreamProcess.distribution().resolve("bin/stream");
    try (StreamProcess process = StreamProcess.start(List.of(), small, launcher, args)) {
      return process.await();
    }
  }
}
