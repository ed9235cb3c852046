package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.state.RestoreTarget;
import dev.stream.it.Await;
import dev.stream.it.ChildJvm;
import dev.stream.it.ConfigFile;
import dev.stream.it.ReplicateMain;
import dev.stream.it.Restores;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of Stream and of the program that writes, at random moments, {@code Compact} now
 * and then: the replica always holds a state that was committed, and never an older one than
 * before.
 */
final class BoltKillIT {

  @TempDir Path folder;

  private final Random random = TestRun.random("bolt-kill");
  private int writerKills;
  private int streamKills;
  private int compared;
  private @Nullable ChildJvm stream;
  private @Nullable BoltWriter writer;

  @AfterEach
  void endAll() throws IOException {
    if (stream != null) {
      stream.close();
    }
    if (writer != null) {
      writer.kill();
    }
  }

  @Test
  void theReplicaHoldsACommittedStateAfterEveryKill() throws Exception {
    Path replica = Files.createDirectory(folder.resolve("replica"));
    Path config = configure(replica);
    Restores restores = Restores.from(replica, folder);
    try (BoltWriter bbolt = BoltWriter.judge()) {
      open().ask("commit " + random.nextInt());
      int each = TestRun.rounds(12, 100);
      while (writerKills < each || streamKills < each) {
        ChildJvm running = stream;
        if (running == null) {
          acceptAtStart();
          running = ChildJvm.start(ReplicateMain.class, List.of(), config);
          stream = running;
          running.answer("ready");
          Files.deleteIfExists(mark());
          if (restores.listing().generations().isEmpty()) {
            running.say("sync");
            running.answer("synced");
          }
        }
        BoltWriter busy = open();
        if (random.nextInt(8) == 0) {
          busy.ask("compact");
          accept(running);
        }
        busy.tell("run " + random.nextInt() + " 60000");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
        if (streamKills < each && random.nextInt(2) == 0) {
          running.kill();
          stream = null;
          streamKills++;
          busy.kill(); // It may go on for long; a new one opens what it leaves.
          writer = null;
        } else {
          busy.kill();
          writer = null;
          writerKills++;
          assertSynced(running, restores);
        }
        assertCommitted(restores, bbolt);
      }
    }
    System.err.printf(
        "bolt: %d kills of Stream, %d of the writer; %d states compared byte for byte%n",
        streamKills, writerKills, compared);
    assertThat(compared).isPositive();
  }

  private Path mark() {
    return folder.resolve("shadow/accept-new-generation");
  }

  /**
   * So small a file may have been written anew as a whole between the last capture and the kill.
   */
  private void acceptAtStart() throws IOException {
    if (Files.isDirectory(folder.resolve("shadow"))) {
      Files.write(mark(), new byte[0]);
    }
  }

  /** The compacted file has no page in common with the former one: somebody has to accept it. */
  private void accept(ChildJvm running) throws Exception {
    Path mark = mark();
    long before = synced(running);
    running.say("sync");
    Await.until(
        "the compacted file on the replica",
        () -> {
          Files.write(
              mark, new byte[0]); // It is taken away also if there is nothing to accept yet.
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
          return synced(running) > before;
        });
    running.answer("synced");
    Files.deleteIfExists(mark);
  }

  private static long synced(ChildJvm running) {
    return running.said().stream().filter(line -> line.startsWith("synced")).count();
  }

  private Path configure(Path replica) throws IOException {
    return new ConfigFile(folder.resolve("state.db"), folder.resolve("shadow"))
        .set("database", Map.of("type", "bolt", "path", folder.resolve("state.db").toString()))
        .folder(replica)
        .set("syncInterval", "20ms")
        .write(folder.resolve("stream.json"));
  }

  private BoltWriter open() throws IOException {
    BoltWriter opened = writer;
    if (opened == null) {
      opened =
          BoltWriter.open(
              folder.resolve("state.db"),
              "-nosync",
              random.nextBoolean() ? "-pins" : "-pins=false",
              "-log",
              folder.resolve("digests").toString());
      writer = opened;
    }
    return opened;
  }

  /** What the killed writer left is captured as bbolt sees it, byte for byte. */
  private void assertSynced(ChildJvm running, Restores restores) throws Exception {
    Path image = folder.resolve("image.db");
    open().ask("image " + image);
    running.say("sync");
    running.answer("synced");
    assertThat(restores.newest()).isEqualTo(Files.readAllBytes(image));
    compared++;
  }

  private void assertCommitted(Restores restores, BoltWriter bbolt) throws Exception {
    Path restored = restores.restore(RestoreTarget.NEWEST, DatabaseCheck.QUICK).path();
    String[] found = bbolt.check(restored).split(" ", -1);
    Map<String, Set<String>> digests = BoltWriter.digests(folder.resolve("digests"));
    assertThat(found[1])
        .as("content at transaction %s, stream.test.seed=%d", found[0], TestRun.seed())
        .isIn(digests.getOrDefault(found[0], Set.of()));
    Files.delete(restored);
  }
}
