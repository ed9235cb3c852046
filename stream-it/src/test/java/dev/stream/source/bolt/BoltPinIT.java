package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.it.GoProgram;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that commits faster than its file can be read, and holds a transaction for Stream. */
final class BoltPinIT {

  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);
  private static final Attempts.Step WHOLE = (file, newest) -> new Attempts.Wish(null, true);

  @TempDir Path folder;

  private Attempts attempts(Path database) {
    return new Attempts(database, folder, new FileClone(List.of("false"), folder));
  }

  /** Reads while the program commits; what was read passes our check, and bbolt's. */
  private void assertReadable(Path database, BoltWriter bbolt) throws IOException {
    try (Reading reading = read(database)) {
      long pages = reading.meta().highWaterMark();
      Path restored = folder.resolve("restored.db");
      try (BoltImage image = new BoltImage(1, reading)) {
        ByteBuffer all = ByteBuffer.allocate((int) pages * image.pageSize());
        image.read(1, (int) pages, all);
        Files.write(restored, all.array());
      }
      new BoltDatabaseProvider().check(restored, true);
      assertThat(bbolt.check(restored))
          .startsWith(Long.toUnsignedString(reading.meta().txId()) + " ");
    }
  }

  private Reading read(Path database) throws IOException {
    try (Attempts once = attempts(database)) {
      return read(once, WHOLE);
    }
  }

  private static Reading read(Attempts attempts, Attempts.Step step) throws IOException {
    @Nullable Reading reading = attempts.read(step, PATIENCE);
    if (reading == null) {
      throw new AssertionError("nothing was read");
    }
    return reading;
  }

  @Test
  void withoutAPinItStarvesAndWithOneItDoesNot() throws Exception {
    Path alone = folder.resolve("alone.db");
    Path pinned = folder.resolve("pinned.db");
    try (BoltWriter bbolt = BoltWriter.judge();
        BoltWriter without = BoltWriter.open(alone, "-nosync", "-mmap", "256");
        BoltWriter with = BoltWriter.open(pinned, "-nosync", "-mmap", "256", "-pins")) {
      without.ask("fill 48");
      with.ask("fill 48");
      without.tell("small 600000");
      assertStarves(alone);
      without.kill();
      with.tell("small 600000");
      for (int i = 0; i < TestRun.rounds(3, 10); i++) {
        assertReadable(pinned, bbolt);
      }
      with.kill();
    }
  }

  /** On a busy machine the writer may be kept from its work long enough for a reading or two. */
  private void assertStarves(Path database) throws IOException {
    for (int i = 0; i < 100; i++) {
      try {
        read(database).close();
      } catch (MovedOnException e) {
        assertThat(e).hasMessageContaining("is written to faster than it can be read");
        return;
      }
    }
    throw new AssertionError("the writer always left time to read");
  }

  /** Of a file of 12,000 pages, those that the commits between two readings have changed. */
  @Test
  void aCommitToALargeFileCostsWhatItChanged() throws Exception {
    Path database = folder.resolve("state.db");
    Random random = TestRun.random("bolt-overlap");
    try (BoltWriter writer = BoltWriter.open(database, "-nosync", "-mmap", "256", "-pins")) {
      writer.ask("fill 48");
      try (Pin pin = Pin.connect(database);
          BoltFile file = BoltFile.open(database)) {
        pin.next(file);
        Reading known = compared(file, pin, null);
        for (int round = 0; round < TestRun.rounds(10, 100); round++) {
          for (int i = random.nextInt(5); i >= 0; i--) {
            writer.ask(random.nextInt(4) == 0 ? "fill 16" : "commit " + random.nextInt());
          }
          pin.next(file);
          assertThat(pin.isOver(known.meta())).isTrue();
          Counted counted = new Counted(file);
          try (Reading last = known;
              Changes changes = new Changes(folder, 4096)) {
            known = compared(file, pin, last.settle());
            Overlap overlap =
                Overlap.between(counted, last.meta(), pin.meta(), last.inUse(), changes::put);
            changes.gone(overlap.gone());
            changes.put(0, pin.meta().firstPages());
            HashChanges hashes = new HashChanges(last.settle().hashes(), pin.meta());
            BitSet differing = changes.differing(hashes);
            Reading read =
                new Reading(pin.meta(), "", last::settle, changes, false, differing, new BitSet());
            int changed = assertSame(read, known);
            assertThat(counted.pages).isLessThan(2 * changed + 64);
            overlap.apply(last.inUse());
            assertThat(last.inUse()).isEqualTo(known.inUse());
          }
          pin.drop();
        }
        known.close();
      }
    }
  }

  /** However it was read: the first state copied while it moved on, then what was new, in turn. */
  @ParameterizedTest
  @ValueSource(strings = {"-freelist array", "-freelist hashmap", "-nofreelistsync"})
  void whatIsFollowedIsWhatIsReadAsAWholeAtLast(String options) throws Exception {
    Path database = folder.resolve("state.db");
    List<String> arguments = new ArrayList<>(List.of("-nosync", "-mmap", "256", "-pins"));
    arguments.addAll(List.of(options.split(" ", -1)));
    try (BoltWriter writer = BoltWriter.open(database, arguments.toArray(String[]::new));
        Attempts following = attempts(database)) {
      writer.ask("fill 48");
      writer.tell("small 300");
      byte[] image;
      BoltState known;
      try (Reading first = read(following, WHOLE)) {
        image = bytes(first);
        known = first.settle();
      }
      int followed = 0;
      for (int round = 0; round < TestRun.rounds(12, 100); round++) {
        boolean whole = round % 4 == 2;
        boolean ended;
        do {
          ended = writer.hasAnswered();
          BoltState last = known;
          try (Reading next = read(following, (file, newest) -> new Attempts.Wish(last, whole))) {
            followed += following.hasOverlapped() ? 1 : 0;
            image = applied(image, next);
            if (whole) {
              assertThat(image).isEqualTo(bytes(next));
            }
            known = next.settle();
          }
        } while (!ended);
        writer.hear();
        writer.tell("small 300");
      }
      writer.hear();
      BoltState last = known;
      try (Reading next = read(following, (file, newest) -> new Attempts.Wish(last, false))) {
        image = applied(image, next);
        known = next.settle();
      }
      // On a busy machine the program lets go now and then.
      assertThat(followed).isPositive();
      try (BoltFile file = BoltFile.open(database);
          Reading all = read(database)) {
        assertThat(all.meta()).isEqualTo(file.newest()).isEqualTo(known.meta());
        assertThat(image).isEqualTo(bytes(all));
        assertThat(known.hashes().sameAs(all.settle().hashes())).isTrue();
      }
    }
  }

  /**
   * While a state is held nothing can be used again of what commits free, and bolt writes the list
   * of that with each later commit. Each of these frees four pages at least.
   */
  @Test
  void whatTakesLongLeavesTheProgramItsFreePages() throws Exception {
    Path database = folder.resolve("state.db");
    try (BoltWriter writer = BoltWriter.open(database, "-nosync", "-mmap", "256", "-pins");
        Attempts following = attempts(database)) {
      writer.ask("fill 48");
      try (Reading delivered = read(following, WHOLE)) {
        long before = delivered.meta().txId();
        String answer = writer.ask("small 2000");
        try (BoltFile file = BoltFile.open(database)) {
          BoltMeta last = file.newest();
          BitSet inUse = Freelist.inUse(file, last);
          if (inUse == null) {
            throw new AssertionError("no list of free pages");
          }
          long free = last.highWaterMark() - inUse.cardinality();
          System.err.printf("bolt: %s commits, %d pages free%n", answer, free);
          assertThat(free).isLessThan(2 * (last.txId() - before));
        }
      }
    }
  }

  private static byte[] bytes(Reading reading) throws IOException {
    BoltMeta meta = reading.meta();
    ByteBuffer all = ByteBuffer.allocate((int) meta.highWaterMark() * meta.pageSize());
    reading.read(0, all);
    return all.array();
  }

  private static byte[] applied(byte[] image, Reading reading) throws IOException {
    BoltMeta meta = reading.meta();
    byte[] next = Arrays.copyOf(image, (int) meta.highWaterMark() * meta.pageSize());
    reading
        .frames()
        .forEach(
            frame -> {
              int at = (int) (frame.id() - 1) * meta.pageSize();
              frame.data().duplicate().get(next, at, frame.data().remaining());
            });
    return next;
  }

  private Reading compared(BoltFile file, Pin pin, @Nullable BoltState known) throws IOException {
    return Reading.read(file, pin.meta(), pin, file.identity(), known, false, folder);
  }

  /** Returns how many pages have changed. */
  private static int assertSame(Reading one, Reading other) throws IOException {
    Map<Long, ByteBuffer> expected = new HashMap<>();
    other.frames().forEach(frame -> expected.put(frame.id(), copy(frame.data())));
    Map<Long, ByteBuffer> found = new HashMap<>();
    one.frames().forEach(frame -> found.put(frame.id(), copy(frame.data())));
    assertThat(found).isEqualTo(expected);
    int page = one.meta().pageSize();
    return found.values().stream().mapToInt(bytes -> bytes.remaining() / page).sum();
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }

  private static final class Counted implements FileBytes {
    private final BoltFile file;
    private long pages;

    Counted(BoltFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int count = file.read(target, position);
      pages += (count + 4095) / 4096;
      return count;
    }
  }

  @Test
  void aSocketThatNobodyServesIsNoHelpAndNoHarm() throws Exception {
    Path database = folder.resolve("state.db");
    try (BoltWriter writer = BoltWriter.open(database, "-pins")) {
      writer.ask("commit 1");
      writer.kill();
    }
    assertThat(folder.resolve("state.db.stream-pin")).exists();
    assertThatThrownBy(() -> Pin.connect(database)).isInstanceOf(java.io.IOException.class);
    try (Reading reading = read(database)) {
      assertThat(reading.meta().txId()).isPositive();
    }
  }

  @Test
  void theExamplePassesItsOwnTest() throws Exception {
    GoProgram.run(GoProgram.root().resolve("examples/bolt-go"), "test", "-count=1", "./...");
  }
}
