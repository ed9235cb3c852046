package dev.stream.it.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import dev.stream.core.restore.RestoreState;
import dev.stream.it.ExampleProject;
import dev.stream.it.Restores;
import dev.stream.it.Stores;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example with Spring Boot 4 and H2 as a user runs it: an executable jar, in which Stream and
 * its plug-ins are jars within a jar, with the properties that come with it.
 */
final class SpringBootIT {

  /** What SIGTERM leaves of a JVM. */
  private static final int TERMINATED = 128 + 15;

  @TempDir static Path built;

  private static ExampleProject example;

  @TempDir Path folder;

  private final Random random = TestRun.random("spring boot");

  @BeforeAll
  static void build() throws Exception {
    example =
        ExampleProject.copy(
            "spring-boot-h2",
            built,
            "stream-api",
            "stream-core",
            "stream-codec-zstd",
            "stream-replica-file",
            "stream-source-h2",
            "stream-spring-boot-starter");
    long begin = System.nanoTime();
    example.verify();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.println("example built in " + took.toSeconds() + " s");
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

  private Path database() {
    return folder.resolve("data/app.mv.db");
  }

  @Test
  void comesBackFromKillAndLossOfTheFileAndLeavesACompleteReplica() throws Exception {
    Writers before;
    try (NotesApp app = start()) {
      before = Writers.start("before", app);
      before.awaitAcknowledged(20 + random.nextInt(200));
      app.kill();
      before.join();
    }
    Files.delete(database());

    Writers after;
    try (NotesApp app = start()) {
      assertThat(app.hasRestored()).as("%s", app.said()).isTrue();
      Writers.assertHolds(app.read(), List.of(before));
      after = Writers.start("after", app);
      after.awaitAcknowledged(20 + random.nextInt(200));
      assertThat(app.terminate()).as("%s", app.said()).isEqualTo(TERMINATED);
      after.join();
    }

    try (Replica replica = Stores.open("file", Map.of("path", folder.resolve("backup")))) {
      RestoreState restored = new Restores(replica, folder).restoreAsUsual();
      assertThat(Files.mismatch(database(), restored.path())).isEqualTo(-1);
    }
    Writers.assertHolds(stored(), List.of(before, after));
  }

  @Test
  void comesBackFromTheReplicaAlone() throws Exception {
    Writers writers;
    try (NotesApp app = start()) {
      writers = Writers.start("note", app);
      writers.awaitAcknowledged(20 + random.nextInt(200));
      writers.stop();
      app.awaitReplicated();
      app.kill();
    }
    deleteAll(folder.resolve("data"));

    try (NotesApp app = start()) {
      assertThat(app.hasRestored()).as("%s", app.said()).isTrue();
      assertThat(app.read()).containsExactlyInAnyOrderElementsOf(writers.acknowledged());
      assertThat(writers.refused()).isEmpty();
    }
  }

  /** The notes in the file that the application has closed, read without Stream. */
  private List<String> stored() throws Exception {
    String name = database().toString().replaceFirst("\\.mv\\.db$", "");
    List<String> notes = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:h2:" + name + ";ACCESS_MODE_DATA=r", "sa", "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT text FROM notes")) {
      while (rows.next()) {
        notes.add(rows.getString(1));
      }
    }
    return notes;
  }

  private static void deleteAll(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
