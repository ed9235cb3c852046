package dev.stream.it.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.Observer;
import dev.stream.core.config.StreamConfig;
import dev.stream.it.Bytes;
import dev.stream.it.Restores;
import dev.stream.it.Stores;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From H2's commits to a replica and back, and images taken while it writes. */
final class H2EndToEndIT {

  @TempDir Path folder;

  @Test
  void aRestoreIsTheClosedFile() throws Exception {
    Random seeds = TestRun.random("aRestoreIsTheClosedFile");
    for (int round = 0; round < TestRun.rounds(3, 100); round++) {
      Path place = Files.createDirectory(folder.toRealPath().resolve("run-" + round));
      try {
        restored(place, seeds.nextLong());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "run %d of stream.test.seed=%d".formatted(round, TestRun.seed()), e);
      }
    }
  }

  private static void restored(Path place, long seed) throws Exception {
    Random random = new Random(seed);
    Path file = place.resolve("app.mv.db");
    Path replica = place.resolve("replica");
    StreamConfig config =
        StreamConfig.builder()
            .database("h2", Map.of("path", file))
            .shadowDir(place.resolve("shadow"))
            .syncInterval(Duration.ofMillis(20 + random.nextInt(30)))
            .snapshotInterval(Duration.ofMillis(300))
            .replica("file", Map.of("path", replica))
            .build();
    String settings = random.nextBoolean() ? ";WRITE_DELAY=0" : "";
    SqlLoad load =
        new SqlLoad(
            random.nextLong(),
            new SqlLoad.Options(2, 3, 80, settings, !settings.isEmpty()),
            "jdbc:h2:stream:" + place.resolve("app"));
    try (H2Registration registration = H2Stream.register(Observer.of(config))) {
      load.create();
      load.inTurn(() -> {});
      load.atOnce(() -> Thread.onSpinWait());
      // A compaction at a shutdown replaces the file after capture has ended.
      DriverManager.getConnection("jdbc:h2:stream:" + place.resolve("app")).close();
      assertThat(registration.failures()).isZero();
    }
    byte[] closed = Files.readAllBytes(file);
    Restores restores = new Restores(Stores.open("file", Map.of("path", replica)), place);
    byte[] restored = restores.newest();
    Bytes.assertSame("restored", restored, closed);
    H2Copy copies = new H2Copy(place);
    assertThat(copies.ask(restored, H2EndToEndIT::script))
        .isEqualTo(copies.ask(closed, H2EndToEndIT::script))
        .hasSizeGreaterThan(5);
    assertThat(restores.verify().ok()).as("verified").isTrue();
    List<TableState> found =
        copies.ask(
            restored,
            connection -> List.of(H2Copy.read(connection, 0), H2Copy.read(connection, 1)));
    for (int i = 0; i < 2; i++) {
      // The database was closed: everything that was committed is in it.
      assertThat(load.writers().get(i).log().last()).isEqualTo(found.get(i));
    }
  }

  private static List<String> script(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SCRIPT")) {
      while (found.next()) {
        lines.add(found.getString(1));
      }
    }
    return lines;
  }

  @Test
  void anImageIsTheReplayWhileADatabaseIsWritten() throws Exception {
    Random random = TestRun.random("anImageIsTheReplayWhileADatabaseIsWritten");
    Path place = folder.toRealPath();
    StoreCapture capture = new StoreCapture(place.resolve("app.mv.db"));
    SqlLoad load =
        new SqlLoad(
            random.nextLong(),
            new SqlLoad.Options(
                3, 1, TestRun.rounds(100, 5000), ";WRITE_DELAY=0;ANALYZE_AUTO=0", true),
            "jdbc:h2:stream:" + place.resolve("app"));
    int[] images = new int[1];
    try (H2Registration registration = H2Stream.register(capture)) {
      load.create();
      Deque<DatabaseImage> held = new ArrayDeque<>();
      load.atOnce(
          () -> {
            held.add(capture.database().snapshot());
            images[0]++;
            if (held.size() > random.nextInt(4)) {
              capture.replay().assertMatches(held.remove());
            }
          });
      for (DatabaseImage image : held) {
        capture.replay().assertMatches(image);
      }
      assertThat(registration.failures()).isZero();
    }
    assertThat(images[0]).as("images").isGreaterThan(2);
    System.out.println("h2 end to end: " + images[0] + " images of a database compared");
  }

  @Test
  void anImageIsTheReplayWhileAStoreGrowsAndShrinks() throws Exception {
    Random random = TestRun.random("anImageIsTheReplayWhileAStoreGrowsAndShrinks");
    Path file = folder.toRealPath().resolve("store.mv");
    StoreCapture capture = new StoreCapture(file);
    StoreWriter writer = new StoreWriter(new Random(random.nextLong()));
    int images = 0;
    long largest = 0;
    boolean shrunk = false;
    try (H2Registration registration = H2Stream.register(capture);
        MVStore store =
            new MVStore.Builder().fileName("stream:" + file).autoCommitDisabled().open()) {
      store.setRetentionTime(0);
      writer.use(store);
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < TestRun.rounds(1500, 50_000); i++) {
                  writer.step();
                }
              });
      while (!writing.isDone()) {
        DatabaseImage image = capture.database().snapshot();
        largest = Math.max(largest, image.highWaterMark());
        shrunk |= image.highWaterMark() < largest / 2;
        if (random.nextBoolean()) {
          // Another one in between, which is let go of first.
          capture.replay().assertMatches(capture.database().snapshot());
        }
        capture.replay().assertMatches(image);
        images++;
      }
      writing.join();
      assertThat(registration.failures()).isZero();
    }
    assertThat(images).as("images").isGreaterThan(2);
    System.out.printf(
        "h2 end to end: %d images of a store compared, of up to %d pages, shrunk %b%n",
        images, largest, shrunk);
  }
}
