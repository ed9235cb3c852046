package dev.stream.it.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Bytes;
import dev.stream.it.Shell;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * At every write of H2 the replay of what Stream was given is the file, byte for byte, and holds
 * what was committed, no more and no less.
 */
final class H2ExactnessIT {

  private static final int JUDGED_ONE_IN = TestRun.rounds(5, 1);

  @TempDir Path folder;

  private int places;

  @Test
  void everyWriteOfADatabase() throws Exception {
    sql("everyWriteOfADatabase", new SqlLoad.Options(2, 4, 60, ";WRITE_DELAY=0", true), 8);
  }

  @Test
  void everyWriteOfADatabaseThatWritesLater() throws Exception {
    sql("everyWriteOfADatabaseThatWritesLater", new SqlLoad.Options(3, 4, 60, "", false), 6);
  }

  @Test
  void everyWriteOfACompressedDatabase() throws Exception {
    String settings = ";WRITE_DELAY=0;COMPRESS=TRUE";
    sql("everyWriteOfACompressedDatabase", new SqlLoad.Options(1, 3, 60, settings, true), 3);
  }

  private void sql(String purpose, SqlLoad.Options options, int rounds) throws Exception {
    Random seeds = TestRun.random(purpose);
    int reached = 0;
    for (int round = 0; round < TestRun.rounds(rounds, 40 * rounds); round++) {
      long seed = seeds.nextLong();
      try {
        reached += sql(seed, options);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "run %d of stream.test.seed=%d".formatted(round, TestRun.seed()), e);
      }
    }
    assertThat(reached).as("writes seen").isGreaterThan(rounds * 10);
  }

  private int sql(long seed, SqlLoad.Options options) throws Exception {
    Path place = place();
    Path database = place.resolve("app");
    Path file = place.resolve("app.mv.db");
    StoreCapture capture = new StoreCapture(file);
    Random random = new Random(seed);
    SqlLoad[] load = new SqlLoad[1];
    Boundaries boundaries = new Boundaries(() -> load[0].spans(), capture, random, JUDGED_ONE_IN);
    WrittenFile written = new WrittenFile(boundaries);
    String url = "jdbc:h2:" + WrittenPath.watch(file, written) + "stream:" + database;
    load[0] = new SqlLoad(random.nextLong(), options, url);
    Verdicts verdicts = new Verdicts(new SqlJudge(new H2Copy(place), load[0].writers()));
    try (H2Registration registration = H2Stream.register(capture)) {
      load[0].create();
      load[0].inTurn(
          () -> {
            if (registration.isAttached()) {
              synchronized (written) {
                Bytes.assertSame("file", Files.readAllBytes(file), written.bytes());
              }
            }
            judge(boundaries, verdicts);
          });
      assertThat(registration.failures()).isZero();
    } finally {
      WrittenPath.forget(file);
    }
    finish(capture, boundaries, verdicts, place);
    return boundaries.count();
  }

  @Test
  void everyWriteOfAStore() throws Exception {
    Random seeds = TestRun.random("everyWriteOfAStore");
    for (int round = 0; round < TestRun.rounds(8, 300); round++) {
      long seed = seeds.nextLong();
      try {
        store(seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "run %d of stream.test.seed=%d".formatted(round, TestRun.seed()), e);
      }
    }
  }

  private void store(long seed) throws Exception {
    Path place = place();
    Path file = place.resolve("store.mv");
    StoreCapture capture = new StoreCapture(file);
    Random random = new Random(seed);
    StoreWriter writer = new StoreWriter(new Random(random.nextLong()));
    Boundaries boundaries =
        new Boundaries(() -> List.of(writer.log().span()), capture, random, JUDGED_ONE_IN);
    WrittenFile written = new WrittenFile(boundaries);
    String name = WrittenPath.watch(file, written) + "stream:" + file;
    Verdicts verdicts = new Verdicts(new StoreJudge(place, writer.log()));
    try (H2Registration registration = H2Stream.register(capture)) {
      for (int round = 0; round < 4; round++) {
        MVStore store = new MVStore.Builder().fileName(name).autoCommitDisabled().open();
        if (random.nextInt(3) > 0) {
          store.setRetentionTime(0);
        }
        writer.use(store);
        for (int step = 0; step < 150; step++) {
          writer.step();
          Bytes.assertSame("file", Files.readAllBytes(file), written.bytes());
          judge(boundaries, verdicts);
        }
        writer.commit();
        store.close(random.nextInt(3) * 50 - 1);
        judge(boundaries, verdicts);
      }
      assertThat(registration.failures()).isZero();
    } finally {
      WrittenPath.forget(file);
    }
    finish(capture, boundaries, verdicts, place);
  }

  private static void judge(Boundaries boundaries, Verdicts verdicts) throws Exception {
    for (Boundary boundary : boundaries.take()) {
      verdicts.judge(boundary);
    }
  }

  private static void finish(
      StoreCapture capture, Boundaries boundaries, Verdicts verdicts, Path place) throws Exception {
    assertThat(capture.replay().messages()).isEmpty();
    System.out.printf("h2 exactness: %d writes compared, %s%n", boundaries.count(), verdicts);
    Shell.expect("rm", "-r", place.toString());
  }

  private Path place() throws Exception {
    return Files.createDirectory(folder.toRealPath().resolve("run-" + places++));
  }
}
