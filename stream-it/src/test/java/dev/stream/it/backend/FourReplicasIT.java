package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Bytes;
import dev.stream.it.ConfigFile;
import dev.stream.it.Shell;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The README's configuration, with every kind of replica at once, as {@code stream replicate} runs
 * it: all but one die under load, and the writer notices nothing.
 */
final class FourReplicasIT {

  private static final Map<BackendKind, Backend> BACKENDS = new EnumMap<>(BackendKind.class);

  private static int tests;

  @TempDir Path folder;

  private final Map<BackendKind, Place> places = new EnumMap<>(BackendKind.class);
  private Path config;
  private LiveDatabase live;

  @BeforeAll
  static void startServers() throws Exception {
    for (BackendKind kind : BackendKind.ofEachType()) {
      BACKENDS.put(kind, kind.start());
    }
  }

  @AfterAll
  static void stopServers() throws Exception {
    for (Backend backend : BACKENDS.values()) {
      backend.close();
    }
  }

  @BeforeEach
  void begin(TestInfo test) throws Exception {
    String name = "four-" + tests++;
    ConfigFile file =
        new ConfigFile(LiveDatabase.file(folder), folder.resolve("shadow"))
            .set("snapshotInterval", "5m")
            .set("compression", Map.of("codec", "zstd", "level", 6))
            .set("retention", Map.of("snapshotRetention", "24h", "checkInterval", "1h"))
            .set("dataLossWindowThreshold", "30s")
            .set("restore", Map.of("enabled", true));
    for (Map.Entry<BackendKind, Backend> each : BACKENDS.entrySet()) {
      Backend backend = each.getValue();
      file.replica(backend.type(), backend.config(name));
      places.put(each.getKey(), new Place(backend.type(), backend.config(name), folder));
    }
    config = file.write(folder.resolve("stream.json"));
    live = LiveDatabase.create(folder, 500_000);
  }

  @AfterEach
  void end() throws Exception {
    live.close();
    for (Place place : places.values()) {
      place.close();
    }
  }

  private StreamProcess replicate() throws Exception {
    return StreamProcess.start("replicate", "--config", config.toString()).awaitReady();
  }

  @ParameterizedTest
  @MethodSource("dev.stream.it.backend.BackendKind#all")
  void theLostDatabaseIsRestoredFromTheOneThatIsLeft(BackendKind left) throws Exception {
    byte[] expected;
    try (StreamProcess stream = replicate()) {
      live.goOnForAWhile();
      killAllBut(left);
      live.pause();
      expected = live.bytes();
      places.get(left).awaitRestores(expected);
      stream.kill();
      assertNoSecret(stream.err());
    }
    lose(left);

    Path database = LiveDatabase.file(folder);
    Result restore =
        StreamProcess.run("restore", "--config", config.toString(), "-o", database.toString());
    assertThat(restore.exit()).as(restore.err()).isZero();
    assertNoSecret(restore.err());
    Bytes.assertSame("restored from " + left, Files.readAllBytes(database), expected);

    try (StreamProcess stream = replicate()) { // before anybody writes: it proves where it goes on
      live = LiveDatabase.open(folder);
      live.goOnForAWhile();
      startAllBut(left);
      live.goOnForAWhile();
      allCatchUp(stream, losesShadow(left));
    }
  }

  /** The database, and for some the shadow directory too: both ways have to be gone. */
  private void lose(BackendKind left) throws Exception {
    live.close();
    Path database = LiveDatabase.file(folder);
    Shell.expect("rm", "-f", database.toString(), database + "-wal", database + "-shm");
    if (losesShadow(left)) {
      Shell.expect("rm", "-r", folder.resolve("shadow").toString());
    }
  }

  private static boolean losesShadow(BackendKind left) {
    return left == BackendKind.FILE || left == BackendKind.SFTP;
  }

  @Test
  void whoReturnsCatchesUpWhileStreamGoesOn() throws Exception {
    try (StreamProcess stream = replicate()) {
      live.goOnForAWhile();
      killAllBut(BackendKind.FILE);
      live.goOnForAWhile();
      startAllBut(BackendKind.FILE);
      allCatchUp(stream, false);
    }
  }

  private void killAllBut(BackendKind left) throws Exception {
    for (BackendKind kind : others(left)) {
      BACKENDS.get(kind).server().kill();
      live.goOnForAWhile();
    }
  }

  private void startAllBut(BackendKind left) throws Exception {
    for (BackendKind kind : others(left)) {
      BACKENDS.get(kind).server().start();
    }
  }

  private static List<BackendKind> others(BackendKind left) {
    List<BackendKind> others = new ArrayList<>(BACKENDS.keySet());
    others.remove(left);
    return others;
  }

  /**
   * Waits until each replica has the newest state.
   *
   * @param gaps whether one that was away may lack what only a lost shadow directory had: it then
   *     goes on from a snapshot, and {@code verify} has to name what no state of it can tell
   */
  private void allCatchUp(StreamProcess stream, boolean gaps) throws Exception {
    live.pause();
    byte[] expected = live.bytes();
    boolean sound = true;
    for (Place place : places.values()) {
      if (gaps) {
        sound &= place.awaitNewest(expected);
      } else {
        place.awaitRestores(expected);
      }
    }
    Result ended = stream.terminate();
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertNoSecret(ended.err());
    Result verify = StreamProcess.run("verify", "--config", config.toString());
    assertThat(verify.exit()).as(verify.out() + verify.err()).isEqualTo(sound ? 0 : 1);
  }

  private static void assertNoSecret(String text) {
    for (Backend backend : BACKENDS.values()) {
      for (String secret : backend.secrets()) {
        assertThat(text).doesNotContain(secret);
      }
    }
  }
}
