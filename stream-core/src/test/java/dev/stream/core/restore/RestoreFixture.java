package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.retry.Backoff;
import dev.stream.core.retry.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder to restore to, and a replica with a history: snapshot 1, segments to 12, snapshot 8. */
abstract class RestoreFixture {

  static final Retry IMPATIENT =
      new Retry(
          new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
          4,
          new Random(3),
          duration -> {});

  @TempDir Path folder;

  final TestReplica replica = new TestReplica();
  final TestDatabase database = new TestDatabase();
  PageHistory history;
  Path target;

  @BeforeEach
  void fill() throws IOException {
    target = folder.resolve("app.db");
    history =
        new PageHistory(Listings.NEW, 512, Seeds.random("fixture", 0)).begin(1, 20).commit(11);
    history.snapshot(replica, 1);
    history.snapshot(replica, 8);
    for (int txId = 2; txId <= 12; txId++) {
      history.segment(replica, 0, txId, txId);
    }
  }

  RestorerBuilder builder() {
    return builder(replica);
  }

  RestorerBuilder builder(TestReplica from) {
    return Restorer.builder(target, PageHistory::codecs)
        .replica("one", from)
        .databases(type -> type.equals("test") ? database : null)
        .retry(IMPATIENT);
  }

  byte[] newest() {
    return history.states.lastEntry().getValue();
  }

  List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  void assertRestored() throws IOException {
    assertThat(Files.readAllBytes(target)).isEqualTo(newest());
    assertThat(files()).containsExactly("app.db");
  }
}
