package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stream is killed at any moment: the shadow directory is copied while it works, and a second
 * Stream goes on with the copy. Logs are copied before artefacts, since that is the order in which
 * commits move; so every copy is what a kill at some moment leaves.
 */
class CrashTest {

  @TempDir Path folder;

  @Test
  void goesOnWithoutAHoleAfterAKillAtAnyMoment() throws Exception {
    for (int run = 0; run < Bench.rounds(25, 1000); run++) {
      long seed = Bench.seed(run);
      Random random = new Random(seed);
      Bench bench = new Bench();
      bench.segmentLimit = 8_000;
      if (run % 2 == 1) {
        bench.compaction = List.of(Duration.ofMillis(50), Duration.ofMillis(200));
      }
      if (run % 4 >= 2) {
        bench.snapshots = Bench.live();
      }
      ModelDatabase database = new ModelDatabase(512, seed);
      ScriptedReplica replica = new ScriptedReplica();
      Replication stream = bench.start(folder.resolve("live" + run), database, replica);
      int kill = random.nextInt(60);
      for (int i = 0; i < kill; i++) {
        database.commit();
        database.deliver();
        bench.now = bench.now.plusMillis(20);
        if (random.nextInt(25) == 0) {
          stream.snapshotNow();
        }
        if (random.nextInt(15) == 0) {
          stream.sync(Bench.SOON); // logs are sealed, and gone
        }
      }
      ScriptedReplica left = new ScriptedReplica();
      Path copy = folder.resolve("copy" + run);
      boolean oneMoment;
      replica.freeze.writeLock().lock(); // nothing moves from one to the other meanwhile
      try {
        left.objects.putAll(replica.objects);
        oneMoment = copy(folder.resolve("live" + run), copy);
      } finally {
        replica.freeze.writeLock().unlock();
      }
      ModelDatabase after = database.reopened();
      stream.close();
      long acknowledged = after.txId;
      boolean known = oneMoment; // a kill does not leave files of several moments
      if (random.nextBoolean()) {
        tearNewestLog(copy, random);
        acknowledged = -1;
        known = false;
      } else if (random.nextInt(4) == 0) {
        damageHashes(copy, random);
        known = false;
      }
      after.proves = random.nextInt(4) > 0;
      for (int i = random.nextInt(3); i > 0; i--) {
        after.commit();
      }
      Replication second = bench.start(copy, after, left);
      if (acknowledged >= 0 && after.resumedFrom != null) {
        assertThat(after.resumedFrom.txId()).as("what was acknowledged").isEqualTo(acknowledged);
      }
      for (int i = 0; i < 10; i++) {
        after.commit();
        after.deliver();
        bench.now = bench.now.plusMillis(20);
      }
      second.sync(Bench.SOON);
      assertThat(second.close()).isEmpty();
      assertThat(PlainRestore.provesAll(left, after.history)).isEqualTo(after.txId);
      if (known) {
        assertThat(PlainRestore.listing(left).generations())
            .as("a kill costs none; seed %d: %s", seed, bench.events)
            .hasSize(1);
      }
    }
  }

  /** Cuts, changes or swaps what is known of the pages, as a bad disk does. */
  private static void damageHashes(Path shadow, Random random) throws IOException {
    for (Path file : KnownPages.files(shadow)) {
      if (Files.exists(file)) {
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(3)) {
          case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
          case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          default -> Arrays.fill(bytes, 4096, bytes.length, (byte) random.nextInt());
        }
        Files.write(file, bytes);
      }
    }
  }

  /** Cuts the newest log anywhere, as a crash within an append does. */
  private static void tearNewestLog(Path shadow, Random random) throws IOException {
    List<Path> logs = List.of();
    if (Files.exists(shadow.resolve("active"))) { // it is not if nothing waited to be sealed
      try (Stream<Path> files = Files.list(shadow.resolve("active"))) {
        logs = files.sorted().toList();
      }
    }
    if (!logs.isEmpty()) {
      try (RandomAccessFile log = new RandomAccessFile(logs.get(logs.size() - 1).toFile(), "rw")) {
        log.setLength((long) (random.nextDouble() * log.length()));
      }
    }
  }

  /**
   * What a kill leaves of a shadow directory.
   *
   * @return whether all of it is of one moment, since nothing changed while it was copied
   */
  static boolean copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    Path active = from.resolve("active");
    copyTree(active, from, to);
    try (Stream<Path> children = Files.list(from)) {
      for (Path child : children.toList()) {
        String name = child.getFileName().toString();
        if (!name.equals("active") && !name.equals("tmp") && !name.equals("lock")) {
          copyTree(child, from, to);
        }
      }
    }
    boolean oneMoment = isAsIn(from, to);
    stayTheSame(to);
    return oneMoment;
  }

  private static boolean isAsIn(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(to)) {
      for (Path copied : walk.filter(Files::isRegularFile).toList()) {
        Path live = from.resolve(to.relativize(copied).toString());
        if (Files.mismatch(copied, live) >= 0) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** A kill leaves the same folder: its writer must not take it for somebody's copy. */
  private static void stayTheSame(Path shadow) throws IOException {
    Path writer = shadow.resolve("writer");
    if (Files.exists(writer)) {
      String id = Files.readAllLines(writer).get(0);
      Files.writeString(writer, id + "\n" + Files.getAttribute(shadow, "unix:ino") + "\n");
    }
  }

  private static void copyTree(Path tree, Path from, Path to) throws IOException {
    List<Path> files = null;
    while (files == null) {
      try (Stream<Path> walk = Files.walk(tree)) {
        files = walk.filter(Files::isRegularFile).sorted().toList();
      } catch (NoSuchFileException e) {
        return;
      } catch (java.io.UncheckedIOException e) {
        // something was sealed or pruned meanwhile: looked through again
      }
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      try {
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      } catch (NoSuchFileException e) {
        // sealed or pruned meanwhile
      }
    }
  }
}
