package dev.stream.it.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.it.ExampleProject;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example with Spring Boot 3 and SQLite as a user runs it: an executable jar. */
final class SpringBootSqliteIT {

  /** What SIGTERM leaves of a JVM. */
  private static final int TERMINATED = 128 + 15;

  @TempDir static Path built;

  private static ExampleProject example;

  @TempDir Path folder;

  private final Random random = TestRun.random("spring boot and SQLite");

  @BeforeAll
  static void build() throws Exception {
    example =
        ExampleProject.copy(
            "spring-boot-sqlite",
            built,
            "stream-api",
            "stream-core",
            "stream-codec-zstd",
            "stream-replica-file",
            "stream-source-sqlite",
            "stream-spring-boot-starter");
    example.verify();
  }

  @AfterAll
  static void removeExample() throws IOException {
    if (example != null) {
      example.close();
    }
  }

  private NotesApp start() throws Exception {
    return NotesApp.start(example.file("target/notes-1.0.0.jar"), folder);
  }

  /** The database, its log and the shadow directory. */
  private void loseTheDisk() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (folder.relativize(file).toString().startsWith("app.db")) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void comesBackFromTheReplicaAloneAfterAKillAndAfterAnOrderlyEnd() throws Exception {
    Writers before;
    try (NotesApp app = start()) {
      before = Writers.start("before", app);
      before.awaitAcknowledged(20 + random.nextInt(200));
      before.stop();
      app.awaitReplicated();
      JsonNode health = app.health();
      assertThat(health.get("status").textValue()).isEqualTo("UP");
      assertThat(health.at("/components/stream/status").textValue()).isEqualTo("UP");
      app.kill();
    }
    loseTheDisk();

    Writers after;
    try (NotesApp app = start()) {
      assertThat(app.hasRestored()).as("%s", app.said()).isTrue();
      assertThat(app.read()).containsExactlyInAnyOrderElementsOf(before.acknowledged());
      after = Writers.start("after", app);
      after.awaitAcknowledged(20 + random.nextInt(200));
      assertThat(app.terminate()).as("%s", app.said()).isEqualTo(TERMINATED);
      after.join();
    }
    loseTheDisk();

    try (NotesApp app = start()) {
      assertThat(app.hasRestored()).as("%s", app.said()).isTrue();
      Writers.assertHolds(app.read(), List.of(before, after));
    }
  }
}
