package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.checksum.PageHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtefactWriterTest {

  private static final Executor SAME_THREAD = Runnable::run;

  @TempDir private Path folder;

  @Test
  void streamsManyPagesWithABoundedNumberOfBlocksInMemory() throws Exception {
    int pageCount = 64 * 1024 * 1024 / 4096;
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (ArtefactWriter writer = writer(pageCount, pool)) {
      long checksum = addPages(writer, pageCount);

      ArtefactSummary summary = writer.finish();

      assertThat(writer.peakInFlight()).isBetween(1, ArtefactWriter.maxInFlight());
      assertThat(summary.checksum()).isEqualTo(checksum);
      assertThat(summary.blockCount()).isEqualTo(256);
      try (ArtefactReader reader =
          ArtefactReader.open(
              ByteRangeSource.ofFile(folder.resolve("artefact")), "large", Artefacts::find)) {
        WholeReading.of(reader, (id, data, offset, length) -> {});
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void boundsTheBlocksInMemoryWhenNobodyCompressesThem() throws IOException {
    int pageCount = 4096;
    Queue<Runnable> never = new ArrayDeque<>();
    try (ArtefactWriter writer = writer(pageCount, never::add)) {
      long checksum = addPages(writer, pageCount);

      assertThat(writer.finish().checksum()).isEqualTo(checksum);
      assertThat(writer.peakInFlight()).isEqualTo(ArtefactWriter.maxInFlight());
    }
  }

  @Test
  void compressesByItselfWhenTheExecutorRefuses() throws IOException {
    Executor refusing =
        task -> {
          throw new RejectedExecutionException();
        };
    try (ArtefactWriter writer = writer(1000, refusing)) {
      long checksum = addPages(writer, 1000);

      assertThat(writer.finish().checksum()).isEqualTo(checksum);
    }
  }

  @Test
  void writersThatOccupyEveryThreadOfThePoolTheyCompressOnDoNotWaitForEver() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      Future<ArtefactSummary> written =
          pool.submit(
              () -> {
                try (ArtefactWriter writer = writer(2000, pool)) {
                  addPages(writer, 2000);
                  return writer.finish();
                }
              });

      assertThat(written.get(1, TimeUnit.MINUTES).pageCount()).isEqualTo(2000);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void refusesPagesOutOfOrderOutsideTheDatabaseOrOfAnotherSize() throws IOException {
    try (ArtefactWriter writer = writer(10, SAME_THREAD)) {
      writer.addPage(3, ByteBuffer.allocate(4096));

      assertRefused(writer, 3, 4096);
      assertRefused(writer, 2, 4096);
      assertRefused(writer, 11, 4096);
      assertRefused(writer, Long.MAX_VALUE, 4096);
      assertRefused(writer, 4, 4095);
      assertRefused(writer, 4, 8192);
      assertThatThrownBy(() -> writer.addPages(10, ByteBuffer.allocate(8192)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.addPages(4, ByteBuffer.allocate(0)))
          .isInstanceOf(IllegalArgumentException.class);
      writer.addPage(10, ByteBuffer.allocate(4096));

      assertThat(writer.finish().pageCount()).isEqualTo(2);
    }
  }

  @Test
  void leavesTheCallersBufferAsItIs() throws IOException {
    try (ArtefactWriter writer = writer(10, SAME_THREAD)) {
      ByteBuffer data = ByteBuffer.allocateDirect(10_000).position(100).limit(100 + 8192);

      writer.addPages(1, data.asReadOnlyBuffer());
      writer.addPages(3, data);

      assertThat(data.position()).isEqualTo(100);
      assertThat(data.limit()).isEqualTo(100 + 8192);
    }
  }

  @Test
  void refusesToFinishWithAnotherNumberOfPagesThanStated() throws IOException {
    Path file = folder.resolve("segment");
    ArtefactHeader header = Artefacts.segment(4096, 2, 10, Artefacts.NONE);
    try (ArtefactWriter writer = ArtefactWriter.create(file, header, Artefacts.NONE, SAME_THREAD)) {
      writer.addPage(1, ByteBuffer.allocate(4096));

      assertThatThrownBy(writer::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("2 pages, 1 were added");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesASnapshotWhosePagesHaveAnotherChecksumThanStated() throws IOException {
    Path file = folder.resolve("snapshot");
    ArtefactHeader header = Artefacts.snapshot(4096, 1, Artefacts.NONE).withTotals(1, 77);
    try (ArtefactWriter writer = ArtefactWriter.create(file, header, Artefacts.NONE, SAME_THREAD)) {
      writer.addPage(1, ByteBuffer.allocate(4096));

      assertThatThrownBy(writer::finish)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("000000000000004d");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void deletesTheFileIfItIsNotFinished() throws IOException {
    Path file = folder.resolve("artefact");
    try (ArtefactWriter writer = writer(100, SAME_THREAD)) {
      addPages(writer, 50);
      assertThat(file).exists();
    }

    assertThat(file).doesNotExist();
  }

  @Test
  void keepsTheFinishedFileWhenClosed() throws IOException {
    ArtefactSummary summary;
    try (ArtefactWriter writer = writer(100, SAME_THREAD)) {
      addPages(writer, 100);
      summary = writer.finish();
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> writer.addPage(100, ByteBuffer.allocate(4096)))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(folder.resolve("artefact")).hasSize(summary.size());
  }

  @Test
  void aCodecThatFailsFailsTheArtefact() throws IOException {
    ArtefactHeader header = Artefacts.snapshot(4096, 10_000, Artefacts.NONE);
    Path file = folder.resolve("failing");
    try (ArtefactWriter writer =
        ArtefactWriter.create(file, header, new FaultyCodec(), SAME_THREAD)) {
      writer.addPage(1, ByteBuffer.allocate(4096));

      assertThatThrownBy(writer::finish)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot compress");
      assertThatThrownBy(() -> writer.addPage(2, ByteBuffer.allocate(4096)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesACodecThatTheHeaderDoesNotName() {
    ArtefactHeader header = Artefacts.snapshot(4096, 10, Artefacts.DEFLATE);

    assertThatThrownBy(
            () ->
                ArtefactWriter.create(folder.resolve("other"), header, Artefacts.NONE, SAME_THREAD))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Files.exists(folder.resolve("other"))).isFalse();
  }

  private ArtefactWriter writer(int highWaterMark, Executor executor) throws IOException {
    return ArtefactWriter.create(
        folder.resolve("artefact"),
        Artefacts.snapshot(4096, highWaterMark, Artefacts.DEFLATE),
        Artefacts.DEFLATE,
        executor);
  }

  /** Adds pages from 1 on; returns the XOR of their hashes. */
  private static long addPages(ArtefactWriter writer, int count) throws IOException {
    Random random = Artefacts.random("writer");
    byte[] page = new byte[4096];
    long checksum = 0;
    for (int id = 1; id <= count; id++) {
      page[random.nextInt(4096)] = (byte) id;
      writer.addPage(id, ByteBuffer.wrap(page));
      checksum ^= PageHash.of(id, page, 0, 4096);
    }
    return checksum;
  }

  private static void assertRefused(ArtefactWriter writer, long id, int length) {
    assertThatThrownBy(() -> writer.addPage(id, ByteBuffer.allocate(length)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
