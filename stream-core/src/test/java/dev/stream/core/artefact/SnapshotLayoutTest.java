package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.codec.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot whose bytes are made again is the one that would have been stored. */
final class SnapshotLayoutTest {

  private static final int PAGE = 4096;

  @TempDir Path folder;
  private final Random random = Artefacts.random("layout");
  private final AtomicInteger reads = new AtomicInteger();

  private byte[] database(int pages) {
    byte[] bytes = new byte[pages * PAGE];
    for (int page = 0; page < pages; page++) {
      if (random.nextInt(3) > 0) { // the rest is zeros, so that blocks differ in length
        byte[] content = new byte[PAGE];
        random.nextBytes(content);
        System.arraycopy(content, 0, bytes, page * PAGE, random.nextInt(PAGE));
      }
    }
    return bytes;
  }

  private static void add(ArtefactWriter writer, byte[] database) throws IOException {
    for (int page = 0; page < database.length / PAGE; page++) {
      writer.addPage(page + 1, ByteBuffer.wrap(database, page * PAGE, PAGE));
    }
  }

  private byte[] stored(ArtefactHeader header, Codec codec, byte[] database) throws IOException {
    Path file = folder.resolve("stored");
    try (ArtefactWriter writer = ArtefactWriter.create(file, header, codec, Runnable::run)) {
      add(writer, database);
      ArtefactSummary ignored = writer.finish();
    }
    return Files.readAllBytes(file);
  }

  private static SnapshotLayout measured(ArtefactHeader header, Codec codec, byte[] database)
      throws IOException {
    SnapshotLayoutBuilder builder = new SnapshotLayoutBuilder(header);
    try (ArtefactWriter writer = ArtefactWriter.create(builder, header, codec, Runnable::run)) {
      add(writer, database);
      return builder.layout(writer.finish());
    }
  }

  private InputStream open(SnapshotLayout layout, Codec codec, byte[] database) {
    LayoutBlocks blocks = new LayoutBlocks(layout, codec);
    return new LayoutStream(
        layout,
        number ->
            blocks.make(
                number,
                (first, count, target) -> {
                  reads.incrementAndGet();
                  target.put(database, (int) (first - 1) * PAGE, count * PAGE);
                }));
  }

  @Test
  void everyByteFromEveryPlaceIsThatOfTheStoredSnapshot() throws Exception {
    for (Codec codec : List.of(Artefacts.NONE, Artefacts.DEFLATE)) {
      for (int pages : new int[] {0, 1, 63, 64, 65, 500}) {
        byte[] database = database(pages);
        ArtefactHeader header = Artefacts.snapshot(PAGE, pages, codec);
        byte[] stored = stored(header, codec, database);
        SnapshotLayout layout = measured(header, codec, database);
        assertThat(layout.size()).isEqualTo(stored.length);
        assertThat(layout.end(72))
            .isEqualTo(Arrays.copyOfRange(stored, stored.length - 72, stored.length));
        try (InputStream in = open(layout, codec, database)) {
          assertThat(in.readAllBytes()).isEqualTo(stored);
          assertThat(in.read()).isEqualTo(-1);
        }
        for (int i = 0; i < 50; i++) {
          int from = random.nextInt(stored.length + 1);
          int length = random.nextInt(stored.length - from + 1);
          try (InputStream in = open(layout, codec, database)) {
            in.skipNBytes(from / 2);
            int some = Math.min(random.nextInt(3), from - from / 2);
            assertThat(in.readNBytes(some)).hasSize(some);
            in.skipNBytes(from - from / 2 - some);
            assertThat(in.readNBytes(length))
                .isEqualTo(Arrays.copyOfRange(stored, from, from + length));
          }
        }
      }
    }
  }

  @Test
  void whatIsSkippedIsNotMadeAgain() throws Exception {
    byte[] database = database(2_000);
    ArtefactHeader header = Artefacts.snapshot(PAGE, 2_000, Artefacts.DEFLATE);
    SnapshotLayout layout = measured(header, Artefacts.DEFLATE, database);
    try (InputStream in = open(layout, Artefacts.DEFLATE, database)) {
      in.skipNBytes(layout.blockStart(20) + 5);
      assertThat(in.readNBytes(layout.blockLength(20) - 5)).isNotEmpty();
      in.skipNBytes(layout.size() - layout.blockStart(21) - 1);
      assertThat(in.read()).isNotNegative();
    }
    assertThat(reads).hasValue(1);
  }

  @Test
  void aBlockThatIsNotTheSameFails() throws Exception {
    byte[] database = database(200);
    ArtefactHeader header = Artefacts.snapshot(PAGE, 200, Artefacts.NONE);
    SnapshotLayout layout = measured(header, Artefacts.NONE, database);
    database[100 * PAGE] ^= 1;
    try (InputStream in = open(layout, Artefacts.NONE, database)) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not what it was when the snapshot was measured");
    }
  }
}
