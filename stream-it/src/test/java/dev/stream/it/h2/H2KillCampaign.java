package dev.stream.it.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.Observer;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.it.Await;
import dev.stream.it.Bytes;
import dev.stream.it.ChildJvm;
import dev.stream.it.ConfigFile;
import dev.stream.it.Recorder;
import dev.stream.it.Shell;
import dev.stream.source.h2.H2DatabaseProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.h2.mvstore.MVStoreException;

/**
 * Rounds against one store, one shadow directory and one replica: the process that writes is killed
 * at a random moment. Then what can be restored is judged, elsewhere and from a copy, and the next
 * process goes on with what was left.
 */
final class H2KillCampaign implements AutoCloseable {

  private static final long NEVER = 3_600_000;

  private final Random random;
  private final KillStore.Kind kind;
  private final KillWork work;
  private final Path folder;
  private final Path file;
  private final Path shadow;
  private final Path replica;
  private final H2KillReport report;
  private final int[] acknowledged = new int[KillWork.WRITERS];
  private int round;

  /** Whether the next start may begin a generation: nothing is captured of the file as it is. */
  private boolean mayBegin = true;

  /** Whether H2 itself has lost what the file held: then there is nothing to go on with. */
  private boolean over;

  /** Whether H2 was about to compact the file, and no capture has begun since. */
  private boolean compacts;

  /**
   * A campaign in an empty folder.
   *
   * @param alone whether the replica can never be reached, so that there is the shadow directory
   *     only
   */
  H2KillCampaign(long seed, KillStore.Kind kind, boolean alone, Path folder, H2KillReport report)
      throws IOException {
    this.random = new Random(seed);
    this.kind = kind;
    this.work = new KillWork(random.nextLong());
    this.folder = folder;
    this.file = kind.file(Files.createDirectory(folder.resolve("data")));
    this.shadow = folder.resolve("shadow");
    Path place = folder.resolve("place");
    this.replica = place.resolve("replica");
    if (alone) {
      Files.createFile(place); // no folder can be made in it
    } else {
      Files.createDirectory(place);
    }
    this.report = report;
  }

  private ConfigFile config(Path database, Path log) {
    return new ConfigFile(database, log)
        .set("database", Map.of("type", "h2", "path", database.toString()))
        .folder(replica);
  }

  /** Whether there is nothing left to go on with. */
  boolean isOver() {
    return over;
  }

  /** Kills once. */
  void round() throws Exception {
    round++;
    Path acks = folder.resolve("acknowledged-" + round);
    ChildJvm child = start(acks);
    try (child) { // which kills it
      if (random.nextInt(5) == 0) {
        delay(1_000);
        report.killed("during start-up");
      } else {
        started(child);
        report.killed(somethingHappens(child, acks));
      }
    }
    assertThat(child.said()).noneMatch(line -> line.startsWith("failed "));
    assertThat(child.said()).noneMatch(line -> line.startsWith("paused "));
    boolean any = readAcknowledged(acks);
    mayBegin = compacts || (mayBegin && !any);
    judge();
  }

  private ChildJvm start(Path acks) throws IOException {
    Path config =
        config(file, shadow)
            .set("syncInterval", "20ms")
            .set("compaction", Map.of("levels", List.of("100ms", "400ms", "2s")))
            .set("snapshotInterval", (random.nextBoolean() ? 300 : NEVER) + "ms")
            .write(folder.resolve("stream.json"));
    return ChildJvm.start(KillMain.class, List.of("-Xmx128m"), config, kind, work.seed(), acks);
  }

  /** Waits until its work begins; what was captured must go on if that is what is in the file. */
  private void started(ChildJvm child) throws Exception {
    String start = child.answer("generation ");
    compacts = false;
    String generation = start.substring(0, start.indexOf(' '));
    String reason = start.substring(start.indexOf(' ') + 1);
    report.started(reason);
    if (reason.startsWith("resumed: ")) {
      mayBegin = false;
    } else {
      assertThat(mayBegin).as("%s of round %d: %s", start, round, child.said()).isTrue();
    }
    child.hear("ready");
    if (random.nextInt(4) > 0) {
      Await.until("a snapshot of " + generation, () -> hasSnapshot(generation));
    }
  }

  private boolean hasSnapshot(String generation) throws IOException {
    for (Path place : List.of(shadow, replica)) {
      Path snapshots = place.resolve(generation).resolve("snapshots");
      if (Files.isDirectory(snapshots)) {
        try (Stream<Path> files = Files.list(snapshots)) {
          if (files.anyMatch(path -> !path.getFileName().toString().startsWith("."))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Returns at the moment at which the process is to be killed, with a name for it. */
  private String somethingHappens(ChildJvm child, Path acks) throws Exception {
    switch (random.nextInt(6)) {
      case 0 -> {
        child.say("snapshot");
        delay(60);
        return "during a snapshot";
      }
      case 1 -> {
        commits(acks, 60);
        child.say("close");
        delay(100);
        return "during close";
      }
      case 2 -> {
        commits(acks, 60);
        compacts = true;
        child.say("compact");
        delay(150);
        return "during compaction";
      }
      default -> {
        commits(acks, 200);
        delay(4);
        return "while writing";
      }
    }
  }

  /** Waits for a number of commits below {@code most}, about. */
  private void commits(Path acks, int most) throws Exception {
    long length = random.nextInt(most) * 6L;
    Await.until("commits", () -> Files.size(acks) >= length);
  }

  private void delay(int millis) {
    LockSupport.parkNanos(random.nextInt(millis * 1_000) * 1_000L);
  }

  private boolean readAcknowledged(Path acks) throws IOException {
    if (Files.notExists(acks)) {
      return false;
    }
    List<String> lines = Files.readAllLines(acks);
    for (String line : lines) {
      String[] parts = line.split(" ", 2);
      acknowledged[Integer.parseInt(parts[0])] = Integer.parseInt(parts[1]);
    }
    int commits = Math.max(0, lines.size() - KillWork.WRITERS); // the first say what was found
    report.acknowledged += commits;
    Files.delete(acks);
    return commits > 0;
  }

  /** Restores the newest state that there is to another place, and holds it against the file. */
  private void judge() throws Exception {
    byte[] left = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    LastRecord last = LastRecord.of(shadow);
    Path place = Files.createDirectory(folder.resolve("judged-" + round));
    Path copy = place.resolve("shadow");
    if (Files.exists(shadow)) {
      Shell.expect("cp", "-r", shadow.toString(), copy.toString());
    }
    Path restored = kind.file(place);
    Recorder told = new Recorder();
    if (lacksSnapshot()) {
      report.beforeSnapshot++;
    } else {
      Path json =
          config(restored, copy)
              .set("restore", Map.of("enabled", true))
              .write(place.resolve("stream.json"));
      StreamConfig config = StreamConfig.read(json, PluginRegistry.discover());
      Observer.of(config, told).opening(new H2DatabaseProvider(), null);
      byte[] found = Files.readAllBytes(restored);
      compare(found, left, last);
      try {
        assertHolds(restored, told);
      } catch (SQLException | MVStoreException | AssertionError e) {
        // Byte for byte what the killed process left: H2 would make the same of that without
        // Stream.
        if (!Arrays.equals(found, left)) {
          throw e;
        }
        report.lostByH2(kind + ", round " + round + ": " + e);
        over = true;
      }
    }
    Shell.expect("rm", "-r", place.toString());
  }

  /** Whether there is nothing yet on which the commits of the newest generation build. */
  private boolean lacksSnapshot() throws IOException {
    String newest = "";
    for (Path place : List.of(shadow, shadow.resolve("active"))) {
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.list(place)) {
          newest =
              Stream.concat(
                      Stream.of(newest),
                      files
                          .map(path -> path.getFileName().toString().split("\\.", 2)[0])
                          .filter(name -> name.matches("[0-9a-f]{16}-[0-9a-f]{8}")))
                  .max(String::compareTo)
                  .orElseThrow();
        }
      }
    }
    return newest.isEmpty() || !hasSnapshot(newest);
  }

  private void compare(byte[] found, byte[] left, LastRecord last) {
    if (Arrays.equals(found, left)) {
      report.same++;
    } else if (compacts) {
      report.compacted++;
    } else {
      assertThat(last).as("the file lacks something, but the log is sealed").isNotNull();
      Bytes.assertSame("newest state of round " + round, found, last.appliedTo(left));
      report.lastWriteMissing++;
      report.lastWritePartial += last.isPartlyIn(left) ? 1 : 0;
    }
  }

  private void assertHolds(Path restored, Recorder told) throws Exception {
    try (KillStore store = kind.open(restored, "")) {
      for (int writer = 0; writer < KillWork.WRITERS; writer++) {
        int number = store.number(writer);
        assertThat(number)
            .as("last transaction of writer %d, round %d, %s", writer, round, told.events())
            .isBetween(acknowledged[writer], acknowledged[writer] + 1);
        report.beyond += number - acknowledged[writer];
        assertThat(store.rows(writer).equals(work.rows(writer, number)))
            .as("rows of writer %d after transaction %d, round %d", writer, number, round)
            .isTrue();
      }
    }
  }

  @Override
  public void close() throws IOException {
    Shell.expect("rm", "-r", folder.toString());
  }
}
