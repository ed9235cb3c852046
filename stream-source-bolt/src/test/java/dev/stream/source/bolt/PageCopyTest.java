package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a file that bbolt wrote, which is made while a transaction is committed. */
final class PageCopyTest {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path path;

  @SuppressWarnings("NullAway.Init")
  private BoltMeta last;

  @BeforeEach
  void write() throws IOException {
    path = Fixture.written(folder);
    last = Fixture.takeBack(path);
  }

  /** All pages of what was read. */
  private static byte[] bytes(Reading reading) throws IOException {
    ByteBuffer all =
        ByteBuffer.allocate((int) reading.meta().highWaterMark() * reading.meta().pageSize());
    reading.read(0, all);
    return all.array();
  }

  /** Wherever the copy is when the transaction is committed. */
  @Test
  void itIsOfTheStateThatIsHeldWhenItEnds() throws Exception {
    boolean more = true;
    int runs = 0;
    for (; more; runs++) {
      Fixture.takeBack(path, last);
      try (FakeProgram program = new FakeProgram(path);
          HeldState held = HeldState.open(path)) {
        PageCopy copy = new PageCopy(path, folder, Fixture.PAGE);
        for (int i = 0; i < runs; i++) {
          more = held.copyRun(copy);
        }
        Fixture.commit(path, last);
        assertThat(held.moveOn((page, bytes) -> copy.put(page, bytes.duplicate()), gone -> {}))
            .isPositive();
        while (held.copyRun(copy)) {
          assertThat(held.meta()).isEqualTo(last);
        }
        PinnedFile.Copied copied = new PinnedFile.Copied(copy, held.meta());
        try (Reading reading = Reading.read(copied, held.identity(), null)) {
          assertThat(bytes(reading)).isEqualTo(Fixture.bytes("canonical"));
        }
        assertThat(program.asked).containsExactly("hello 1", "pin", "pin", "drop");
      }
    }
    assertThat(runs).isGreaterThan(3);
    assertThat(folder).isDirectoryNotContaining("glob:**.pages");
  }

  /** Bolt can lose pages: they are neither in use nor free, and their old content is nothing's. */
  @Test
  void aPageThatIsLostIsZeros() throws Exception {
    Fixture.commit(path, last);
    long list = last.freelist() * Fixture.PAGE;
    int count = (int) (Fixture.longAt(path, list + 8) >>> 16) & 0xFFFF;
    int lost = (int) Fixture.longAt(path, list + BoltMeta.PAGE_HEADER + (count - 1) * 8L);
    Fixture.patchInt(path, list + 8, PageRun.FREELIST | (count - 1) << 16);
    Fixture.patch(path, (long) lost * Fixture.PAGE, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    byte[] read;
    try (BoltFile file = BoltFile.open(path);
        Reading reading =
            Reading.read(file, last, Proof.still(), file.identity(), null, true, folder)) {
      read = bytes(reading);
      assertThat(Freelist.inUse(file, last)).isNotEqualTo(reading.inUse());
    }
    try (FakeProgram program = new FakeProgram(path);
        PinnedFile pinned = PinnedFile.open(path, folder);
        Reading reading = Reading.read(pinned.copy(), pinned.identity(), null)) {
      assertThat(bytes(reading)).isEqualTo(read);
      assertThat(reading.inUse().get(lost)).isFalse();
      assertThat(program.asked).endsWith("held");
    }
  }

  @Test
  void aDamagedPageIsNamed() throws Exception {
    Fixture.commit(path, last);
    Fixture.patchLong(path, last.root() * Fixture.PAGE, 7);
    try (FakeProgram program = new FakeProgram(path);
        PinnedFile pinned = PinnedFile.open(path, folder)) {
      assertThatThrownBy(() -> Reading.read(pinned.copy(), pinned.identity(), null))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining("page " + last.root() + " of " + path + " says that it is page 7");
      assertThat(program.asked).contains("pin");
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.pages");
  }

  @Test
  void withoutRoomItSaysSo() throws Exception {
    Path none = folder.resolve("none");
    try (FakeProgram program = new FakeProgram(path);
        PinnedFile pinned = PinnedFile.open(path, none)) {
      assertThatThrownBy(pinned::copy)
          .isInstanceOf(NotKeptException.class)
          .hasMessageContaining(none.toString())
          .hasMessageContaining("tempDir");
      assertThat(Files.exists(none)).isFalse();
      assertThat(program.asked).contains("pin");
    }
  }

  @Test
  void aProgramThatLetGoLeavesNothing() throws Exception {
    try (FakeProgram program = new FakeProgram(path);
        PinnedFile pinned = PinnedFile.open(path, folder)) {
      program.falsify =
          answer -> answer != null && answer.startsWith("held") ? "held none" : answer;
      assertThatThrownBy(pinned::copy)
          .isInstanceOf(MovedOnException.class)
          .hasMessageContaining("let go of transaction");
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.pages");
  }
}
