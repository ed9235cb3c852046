package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.capture.SourcePolling;
import dev.stream.core.monitor.StatusFile;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Green means that every commit is protected. */
@Timeout(120)
final class HealthTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private final ScriptedReplica good = new ScriptedReplica();
  private final ScriptedReplica bad = new ScriptedReplica();

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    bench.closeTimeout = Duration.ofSeconds(1);
    database = new ModelDatabase(512, Bench.seed(0));
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private void commit() throws IOException {
    database.commit();
    database.deliver();
    database.history.headMap(database.txId).clear(); // it would hold every state
  }

  private void pass(Duration time) {
    bench.now = bench.now.plus(time);
  }

  @Test
  void nothingIsLackingRightAfterASync() throws Exception {
    bench.segmentLimit = 3000; // some logs are closed by capture, others by sealing
    bench.syncInterval = Duration.ofNanos(1);
    Replication stream = bench.start(folder.resolve("s"), database, good);
    int lacking = 0;
    int rounds = Bench.rounds(500, 20_000);
    for (int i = 0; i < rounds; i++) {
      commit();
      pass(Duration.ofMillis(10));
      stream.sync(Bench.SOON);
      lacking += stream.dataLossWindow().isZero() ? 0 : 1;
    }
    assertThat(lacking).as("of %d", rounds).isZero();
    assertThat(stream.status().problems()).isEmpty();
    assertThat(stream.status().healthy()).isTrue();
  }

  @Test
  void whatCannotBeCapturedCountsFromWhenThatBegan() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good);
    commit();
    stream.sync(Bench.SOON);
    database.failFrames = true;
    assertThat(delivers()).isFalse();
    pass(Duration.ofHours(1));
    assertThat(stream.dataLossWindow()).isGreaterThanOrEqualTo(Duration.ofHours(1));
    StreamStatus status = stream.status();
    assertThat(status.capturing()).isFalse();
    assertThat(status.healthy()).isFalse();
    assertThat(status.problems()).anyMatch(problem -> problem.contains("lags by 1 h 0 min"));
    Bench.await("the warning", () -> bench.count("lag r0") == 1);
    database.failFrames = false;
    database.deliver();
    stream.sync(Bench.SOON);
    assertThat(stream.dataLossWindow()).isZero();
    assertThat(stream.status().healthy()).isTrue();
  }

  private boolean delivers() {
    try {
      commit();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aSourceThatNoLongerLooksIsNoticed() {
    SourcePolling looks = new SourcePolling(bench.clock);
    assertThat(looks.uncapturedSince(null)).as("one in the commit path need not look").isNull();
    looks.looked();
    Instant looked = bench.now;
    pass(Duration.ofSeconds(7));
    assertThat(looks.uncapturedSince(null)).isNull();
    pass(Duration.ofSeconds(2));
    assertThat(looks.uncapturedSince(null)).isEqualTo(looked);
    assertThat(looks.uncapturedSince(bench.now)).as("whatever it tells later").isEqualTo(looked);
    looks.looked();
    assertThat(looks.uncapturedSince(null)).isNull();
    Instant ended = bench.now;
    looks.ended();
    pass(Duration.ofSeconds(9));
    assertThat(looks.uncapturedSince(null)).isEqualTo(ended);
  }

  @Test
  void whatTheSourcePutsOffCountsFromWhenItWasSeen() {
    SourcePolling looks = new SourcePolling(bench.clock);
    looks.looked();
    Instant seen = bench.now;
    looks.putOff();
    pass(Duration.ofMillis(500));
    looks.putOff();
    assertThat(looks.uncapturedSince(null)).isEqualTo(seen);
    pass(Duration.ofMillis(400));
    assertThat(looks.uncapturedSince(bench.now)).as("whatever it tells").isEqualTo(seen);
    looks.delivered();
    assertThat(looks.uncapturedSince(null)).isNull();
    Instant next = bench.now;
    looks.putOff();
    assertThat(looks.uncapturedSince(null)).as("the next begins anew").isEqualTo(next);
    looks.looked();
    assertThat(looks.uncapturedSince(null)).isNull();
  }

  @Test
  void aDroppedBacklogIsLackingUntilTheReplicaHasASnapshotThatCoversIt() throws Exception {
    bench.segmentLimit = 10_000;
    bench.shadowLimit = 60_000;
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit();
    stream.sync(Bench.SOON);
    bad.failure = Reason.UNAVAILABLE;
    Instant since = bench.now;
    long dropped = 0;
    while (dropped < 3) {
      commit();
      pass(Duration.ofMillis(10)); // so many commits do not make a replica be looked at each time
      dropped = bench.count("generation the shadow directory has");
      if (dropped > 0) {
        assertThat(stream.dataLossWindow("r1"))
            .as("after %d drops", dropped)
            .isGreaterThanOrEqualTo(Duration.between(since, bench.now).minusMillis(10));
      }
    }
    bad.failure = null;
    stream.sync(Bench.SOON);
    assertThat(stream.dataLossWindow("r1")).isZero();
  }

  @Test
  void whatIsClosedIsNotHealthyAndProtectsNothingFromThenOn() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good);
    commit();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    pass(Duration.ofMinutes(5));
    StreamStatus status = stream.status();
    assertThat(status.running()).isFalse();
    assertThat(status.capturing()).isFalse();
    assertThat(status.healthy()).isFalse();
    assertThat(status.problems()).anyMatch(problem -> problem.contains("was closed"));
    assertThat(status.dataLossWindow()).isGreaterThanOrEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aFullDiskOfTheShadowDirectoryIsToldToOtherProcessesThere() throws Exception {
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString());
    System.out.println("full disk: " + (mounted ? "on a tmpfs" : "not tried, no tmpfs here"));
    org.junit.jupiter.api.Assumptions.assumeTrue(mounted);
    try {
      Path file = folder.resolve("s").resolve(StatusFile.NAME);
      Replication stream = bench.start(folder.resolve("s"), database, good);
      assertThat(Files.readString(file)).as("from the start on").contains("\"healthy\" : true");
      try (var out = Files.newOutputStream(folder.resolve("ballast"))) {
        byte[] block = new byte[512];
        while (true) {
          out.write(block);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left");
      }
      for (int i = 0; i < 60; i++) {
        boolean ignored = delivers();
      }
      Bench.await("it is told", () -> text(file).contains("cannot append to the shadow log"));
      assertThat(text(file)).contains("\"healthy\" : false");
      Files.delete(folder.resolve("ballast"));
      database.deliver();
      stream.sync(Bench.SOON);
      Bench.await("it is over", () -> text(file).contains("\"healthy\" : true"));
    } finally {
      bench.stop();
      boolean ignored = run("umount", folder.toString());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
