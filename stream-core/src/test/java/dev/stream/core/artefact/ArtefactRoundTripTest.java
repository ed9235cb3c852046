package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.Codec;
import dev.stream.core.artefact.Artefacts.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArtefactRoundTripTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "512, none",
    "512, deflate",
    "1024, none",
    "2048, deflate",
    "4096, none",
    "4096, deflate",
    "8192, deflate",
    "16384, none",
    "32768, deflate",
    "65536, none",
    "65536, deflate",
  })
  void aSegmentYieldsThePagesThatWentIn(int pageSize, String codecName) throws IOException {
    Codec codec = codecName.equals("none") ? Artefacts.NONE : Artefacts.DEFLATE;
    Random random = Artefacts.random("segment " + pageSize + codecName);
    for (int round = 0; round < Artefacts.rounds(6, 200); round++) {
      SortedMap<Long, byte[]> pages = new TreeMap<>();
      long id = 0;
      int count = random.nextInt(1 + 1024 * 1024 / pageSize);
      boolean sparse = random.nextBoolean();
      for (int i = 0; i < count; i++) {
        id += sparse ? 1 + random.nextInt(1 << random.nextInt(20)) : 1;
        pages.put(id, Artefacts.page(pageSize, random));
      }
      ArtefactHeader header = Artefacts.segment(pageSize, count, id + random.nextInt(3), codec);

      Path file = folder.resolve("segment");
      ArtefactSummary summary = Artefacts.write(file, header, pages, codec);

      assertThat(summary.header()).isEqualTo(header);
      assertThat(summary.size()).isEqualTo(Files.size(file));
      try (ArtefactReader reader =
          ArtefactReader.open(ByteRangeSource.ofFile(file), "segment", Artefacts::find)) {
        assertThat(reader.header()).isEqualTo(header);
        assertThat(reader.fileChecksum()).isEqualTo(summary.fileChecksum());
        assertThat(reader.blocks()).hasSize((int) summary.blockCount());
        assertSame(Artefacts.read(reader), pages);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"512, none", "4096, deflate", "65536, deflate"})
  void aSnapshotFindsItsTotalsWhileItIsWritten(int pageSize, String codecName) throws IOException {
    Codec codec = codecName.equals("none") ? Artefacts.NONE : Artefacts.DEFLATE;
    Random random = Artefacts.random("snapshot " + pageSize);
    long[] ids = LongStream.rangeClosed(1, 3 * 256 * 1024 / pageSize + 1).toArray();
    SortedMap<Long, byte[]> pages = Artefacts.pages(pageSize, random, ids);

    byte[] artefact =
        Artefacts.bytes(folder, Artefacts.snapshot(pageSize, ids.length, codec), pages, codec);

    try (ArtefactReader reader = Artefacts.open(artefact)) {
      assertThat(reader.header())
          .isEqualTo(
              Artefacts.snapshot(pageSize, ids.length, codec)
                  .withTotals(ids.length, Artefacts.checksum(pages)));
      assertThat(reader.checksum()).isEqualTo(Artefacts.checksum(pages));
      assertThat(reader.pageCount()).isEqualTo(ids.length);
      assertSame(Artefacts.read(reader), pages);
    }
  }

  @Test
  void aSnapshotMayLeaveOutPagesOfZeros() throws IOException {
    SortedMap<Long, byte[]> pages =
        Artefacts.pages(512, Artefacts.random("holes"), 2, 3, 900, 1 << 21);
    long checksum = Artefacts.checksum(pages);
    SortedMap<Long, byte[]> whole = new TreeMap<>(pages);
    whole.put(1L, new byte[512]);

    byte[] artefact =
        Artefacts.bytes(
            folder, Artefacts.snapshot(512, 1 << 22, Artefacts.NONE), pages, Artefacts.NONE);

    try (ArtefactReader reader = Artefacts.open(artefact)) {
      assertThat(reader.checksum()).isEqualTo(checksum).isEqualTo(Artefacts.checksum(whole));
      assertSame(Artefacts.read(reader), pages);
    }
  }

  @Test
  void anEmptySegmentAndAnEmptyDatabaseAreArtefactsToo() throws IOException {
    byte[] segment =
        Artefacts.bytes(
            folder, Artefacts.segment(4096, 0, 0, Artefacts.NONE), new TreeMap<>(), Artefacts.NONE);
    byte[] snapshot =
        Artefacts.bytes(
            folder, Artefacts.snapshot(4096, 0, Artefacts.NONE), new TreeMap<>(), Artefacts.NONE);

    assertThat(Artefacts.read(segment)).isEmpty();
    assertThat(Artefacts.read(snapshot)).isEmpty();
    assertThat(Artefacts.open(snapshot).checksum()).isZero();
    assertThat(Artefacts.open(segment).blocks()).isEmpty();
  }

  @Test
  void aBlockThatDoesNotShrinkIsStoredAsItIs() throws IOException {
    byte[] noise = new byte[4096];
    Artefacts.random("noise").nextBytes(noise);
    SortedMap<Long, byte[]> pages = new TreeMap<>(Map.of(1L, noise));

    byte[] artefact =
        Artefacts.bytes(
            folder, Artefacts.segment(4096, 1, 1, Artefacts.DEFLATE), pages, Artefacts.DEFLATE);

    try (ArtefactReader reader = Artefacts.open(artefact)) {
      assertThat(reader.blocks().get(0).storedLength()).isEqualTo(4096);
      assertSame(Artefacts.read(reader), pages);
    }
  }

  @Test
  void pagesThatCompressAreStoredSmaller() throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>(Map.of(1L, new byte[4096]));

    byte[] artefact =
        Artefacts.bytes(
            folder, Artefacts.segment(4096, 1, 1, Artefacts.DEFLATE), pages, Artefacts.DEFLATE);

    try (ArtefactReader reader = Artefacts.open(artefact)) {
      assertThat(reader.blocks().get(0).storedLength()).isLessThan(100);
    }
  }

  @Test
  void blocksAreReadInAnyOrderByIdsOfTheIndex() throws IOException {
    Random random = Artefacts.random("any order");
    long[] ids = LongStream.rangeClosed(1, 1000).map(i -> i * 3 - i % 2).toArray();
    SortedMap<Long, byte[]> pages = Artefacts.pages(4096, random, ids);
    byte[] artefact =
        Artefacts.bytes(
            folder,
            Artefacts.segment(4096, 1000, 3000, Artefacts.DEFLATE),
            pages,
            Artefacts.DEFLATE);

    try (ArtefactReader reader = Artefacts.open(artefact)) {
      SortedMap<Long, byte[]> read = new TreeMap<>();
      byte[] target = new byte[reader.maxRawLength()];
      for (int i = reader.blocks().size() - 1; i >= 0; i--) {
        BlockEntry block = reader.blocks().get(i);
        reader.readBlock(i, target);
        for (int page = 0; page < block.pages().pageCount(); page++) {
          byte[] data = new byte[4096];
          System.arraycopy(target, page * 4096, data, 0, 4096);
          read.put(block.pages().idAt(page), data);
        }
        assertThat(block.pages().firstId()).isEqualTo(block.pages().idAt(0));
        assertThat(block.pages().lastId())
            .isEqualTo(block.pages().idAt(block.pages().pageCount() - 1));
      }
      assertThat(reader.blocks().size()).isGreaterThan(10);
      assertSame(read, pages);
    }
  }

  @Test
  void theBytesDoNotDependOnHowManyThreadsCompress() throws IOException {
    SortedMap<Long, byte[]> pages =
        Artefacts.pages(
            1024, Artefacts.random("threads"), LongStream.rangeClosed(1, 3000).toArray());
    ArtefactHeader header = Artefacts.snapshot(1024, 3000, Artefacts.DEFLATE);
    byte[] alone = Artefacts.bytes(folder, header, pages, Artefacts.DEFLATE);

    ExecutorService pool = Executors.newFixedThreadPool(3);
    Path file = folder.resolve("parallel");
    try (ArtefactWriter writer = ArtefactWriter.create(file, header, Artefacts.DEFLATE, pool)) {
      ByteBuffer run = ByteBuffer.allocateDirect(1000 * 1024);
      for (int first = 1; first <= 3000; first += 1000) {
        run.clear();
        pages.subMap((long) first, first + 1000L).values().forEach(run::put);
        writer.addPages(first, run.flip());
      }
      writer.finish();
    } finally {
      pool.shutdownNow();
    }

    assertThat(file).hasBinaryContent(alone);
  }

  @Test
  void aSmallArtefactTakesASingleRead() throws IOException {
    byte[] small =
        Artefacts.bytes(
            folder,
            Artefacts.segment(4096, 5, 5, Artefacts.NONE),
            Artefacts.pages(4096, Artefacts.random("one read"), 1, 2, 3, 4, 5),
            Artefacts.NONE);
    List<String> reads = new ArrayList<>();
    ByteRangeSource source =
        new ByteRangeSource() {
          private final Bytes bytes = new Bytes(small);

          @Override
          public long size() {
            return bytes.size();
          }

          @Override
          public byte[] read(long offset, int length) throws IOException {
            reads.add(offset + "+" + length);
            return bytes.read(offset, length);
          }
        };

    Artefacts.read(ArtefactReader.open(source, "small", Artefacts::find));

    assertThat(reads).containsExactly("0+" + small.length);
  }

  @Test
  void everyHeaderValueComesBack() throws IOException {
    ArtefactHeader header =
        new ArtefactHeader(
            ArtefactKind.SEGMENT,
            Artefacts.GENERATION,
            3,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            65536,
            0,
            Long.MAX_VALUE / 65536,
            -1,
            Long.MIN_VALUE,
            "none",
            19,
            23,
            Artefacts.CREATED_AT.plusNanos(1),
            Map.of("position", "ä\"\\\u0000 \uD83D\uDE00", "", "empty name"));

    byte[] artefact = Artefacts.bytes(folder, header, new TreeMap<>(), Artefacts.NONE);

    try (ArtefactReader reader = Artefacts.open(artefact)) {
      assertThat(reader.header()).isEqualTo(header);
      assertThat(reader.header().firstTxId()).isEqualTo(Long.MAX_VALUE);
    }
  }

  private static void assertSame(SortedMap<Long, byte[]> actual, SortedMap<Long, byte[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((id, page) -> assertThat(page).as("page %d", id).isEqualTo(expected.get(id)));
  }
}
