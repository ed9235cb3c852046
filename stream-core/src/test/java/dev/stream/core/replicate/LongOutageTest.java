package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.replicate.TroubledReplica.Trouble;
import dev.stream.core.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A replica in trouble for an hour of simulated time, under a source in the commit path.
 *
 * <p>Time passes only between commits, and no call of the troubled replica ends unless time passes.
 * So a commit that waited for one would never return, and the test would not end.
 */
@Timeout(120)
final class LongOutageTest {

  private static final int HOUR = 3600;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Bench bench;
  private SimulatedTime time;
  private ModelDatabase database;
  private final ScriptedReplica sound = new ScriptedReplica();
  private TroubledReplica troubled;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    time = new SimulatedTime(bench);
    bench.sleeper = time;
    bench.segmentLimit = 1 << 15;
    database = new ModelDatabase(512, Bench.seed(0));
    troubled = new TroubledReplica(time);
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private void commit() throws IOException {
    database.commit();
    database.deliver();
  }

  @ParameterizedTest
  @EnumSource
  void anHourOfItNeitherDelaysNorFailsACommitAndIsCaughtUp(Trouble trouble) throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, sound, troubled);
    commit();
    stream.sync(Bench.SOON);
    time.advance(Duration.ofSeconds(1));
    Bench.await("all is everywhere", () -> stream.dataLossWindow().isZero());

    troubled.trouble = trouble;
    Instant begin = bench.now;
    for (int second = 0; second < HOUR; second++) {
      commit();
      if (second == HOUR / 2) {
        stream.snapshotNow(); // its lane waits until the replica has been looked at
      }
      time.awaitAsleep(1);
      assertThat(bench.now).isEqualTo(begin.plusSeconds(second));
      if (trouble != Trouble.IS_SLOW) {
        assertThat(stream.dataLossWindow("r1")).hasSeconds(second);
      }
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(stream.dataLossWindow("r1"))
        .isBetween(Duration.ofMinutes(trouble == Trouble.IS_SLOW ? 30 : 60), Duration.ofHours(1));
    assertThat(bench.count("paused")).isZero();
    Bench.await("the warning", () -> bench.count("lag r1") == 1);
    Bench.await("the other has all", () -> stream.dataLossWindow("r0").isZero());
    assertThat(PlainRestore.provesAll(sound, database.history)).isEqualTo(database.txId);
    assertThat(stream.dataLossWindow("r1")).isPositive();
    proveNothingIsLost();

    time.awaitAsleep(1);
    troubled.trouble = null;
    time.advance(max(trouble.takes, LONGEST_PAUSE));
    stream.sync(Bench.SOON); // and no time passes any more
    Bench.await("nothing lags", () -> stream.dataLossWindow().isZero());
    Bench.await("that is told", () -> bench.count("caught up r1") == 1);
    assertThat(bench.count("lag r1")).isEqualTo(1);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(troubled.store, database.history)).isEqualTo(database.txId);
    assertThat(PlainRestore.listing(troubled.store).generations()).hasSize(1);
    assertThat(restored()).isEqualTo(database.bytes());
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** What the troubled replica had before, and the shadow directory, are everything. */
  private void proveNothingIsLost() throws IOException {
    ScriptedReplica both = new ScriptedReplica();
    both.objects.putAll(troubled.store.objects);
    String generation = PlainRestore.listing(sound).generations().get(0).id().value();
    Path shadow = folder.resolve("s");
    try (Stream<Path> files = Files.walk(shadow.resolve(generation))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = shadow.relativize(file).toString().replace('\\', '/');
        both.objects.put(new ObjectKey(key), Files.readAllBytes(file));
      }
    }
    assertThat(PlainRestore.provesAll(both, database.history)).isEqualTo(database.txId);
  }

  private byte[] restored() throws Exception {
    Path target = folder.resolve("restored");
    Restorer.builder(target, name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS))
        .replica("troubled", troubled.store)
        .build()
        .restore();
    return Files.readAllBytes(target);
  }
}
