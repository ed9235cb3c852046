package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is captured of a file is what bbolt's own backup is, with free pages as zeros. */
final class CanonicalImageTest {

  @TempDir Path folder;

  private static byte[] read(Path file) throws IOException {
    try (BoltFile open = BoltFile.open(file)) {
      BoltMeta meta = open.newest();
      Proof proof = Proof.sameMeta(open, meta);
      try (Reading reading =
          Reading.read(open, meta, proof, "file", null, true, file.getParent())) {
        ByteBuffer all = ByteBuffer.allocate((int) meta.highWaterMark() * meta.pageSize());
        new BoltImage(1, reading).read(1, (int) meta.highWaterMark(), all);
        return all.array();
      }
    }
  }

  @Test
  void itIsWhatBboltBacksUp() throws Exception {
    Path file = Fixture.written(folder);
    assertThat(read(file)).isEqualTo(Fixture.bytes("canonical"));
    assertThat(Files.readAllBytes(file)).as("the file").isEqualTo(Fixture.bytes("written"));
    assertThat(folder)
        .isDirectoryContaining("glob:**state.db")
        .isDirectoryNotContaining("glob:**.pages");
  }

  @Test
  void theImageOfAnImageIsTheSame() throws Exception {
    Path file = Files.write(folder.resolve("copy.db"), Fixture.bytes("canonical"));
    assertThat(read(file)).isEqualTo(Fixture.bytes("canonical"));
  }

  @Test
  void whatWasInFreePagesIsNotInIt() throws Exception {
    Path file = Fixture.written(folder);
    BoltMeta meta = Fixture.meta(file);
    long free = Fixture.longAt(file, meta.freelist() * Fixture.PAGE + BoltMeta.PAGE_HEADER);
    Fixture.patchLong(file, free * Fixture.PAGE + 100, 0x1234567890L);
    assertThat(read(file)).isEqualTo(Fixture.bytes("canonical"));
  }

  @Test
  void theOlderMetaCountsWhereTheNewerIsTorn() throws Exception {
    Path file = Fixture.written(folder);
    BoltMeta newest = Fixture.meta(file);
    BoltMeta next = Fixture.numbered(newest, newest.txId() + 1);
    Fixture.commit(file, next);
    assertThat(Fixture.meta(file)).isEqualTo(next);
    Fixture.patchInt(file, (long) next.slot() * Fixture.PAGE + 72, 0);
    assertThat(Fixture.meta(file)).isEqualTo(newest);
    assertThat(read(file)).isEqualTo(Fixture.bytes("canonical"));
  }

  @Test
  void theSecondMetaIsFoundWithoutTheFirst() throws Exception {
    Path file = Fixture.written(folder);
    BoltMeta newest = Fixture.meta(file);
    BoltMeta next = Fixture.numbered(newest, newest.txId() + (newest.txId() % 2 == 0 ? 1 : 2));
    Fixture.commit(file, next);
    Fixture.patchInt(file, BoltMeta.PAGE_HEADER, 0);
    assertThat(Fixture.meta(file)).isEqualTo(next);
  }

  @Test
  void aReadingThatACommitMeetsIsThrownAway() throws Exception {
    Path file = Fixture.written(folder);
    try (BoltFile open = BoltFile.open(file)) {
      BoltMeta meta = open.newest();
      Proof proof = Proof.sameMeta(open, meta);
      Fixture.commit(file, Fixture.numbered(meta, meta.txId() + 1));
      assertThatThrownBy(() -> Reading.read(open, meta, proof, "file", null, true, folder))
          .isInstanceOf(MovedOnException.class)
          .hasMessageContaining("while transaction " + meta.txId() + " was read");
      assertThat(folder).isDirectoryNotContaining("glob:**.pages");
    }
  }

  @Test
  void whatIsDamagedBecauseACommitMetItIsNoDamage() throws Exception {
    Path file = Fixture.written(folder);
    try (BoltFile open = BoltFile.open(file)) {
      BoltMeta meta = open.newest();
      Proof proof = Proof.sameMeta(open, meta);
      Fixture.patchLong(file, meta.root() * Fixture.PAGE, 0);
      Fixture.commit(file, Fixture.numbered(meta, meta.txId() + 1));
      assertThatThrownBy(() -> Reading.read(open, meta, proof, "file", null, true, folder))
          .isInstanceOf(MovedOnException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE / 8 - 1, Integer.MAX_VALUE})
  void aSizeThatCannotBeIsSaid(long pages) throws Exception {
    Path file = Fixture.written(folder);
    try (BoltFile open = BoltFile.open(file)) {
      BoltMeta last = open.newest();
      BoltMeta meta =
          new BoltMeta(Fixture.PAGE, 0, last.root(), 0, last.freelist(), pages, last.txId() + 1);
      assertThatThrownBy(() -> Reading.read(open, meta, Proof.still(), "file", null, true, folder))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining(Long.toUnsignedString(pages) + " pages, which cannot be");
    }
  }
}
