package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.codec.NoneCodecProvider;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds and reads artefacts for tests. */
final class Artefacts {

  static final String GENERATION = "0000019abcdef012-89abcdef";
  static final Instant CREATED_AT = Instant.parse("2026-01-02T03:04:05.678Z");
  static final Codec NONE = new NoneCodecProvider().create(CodecSettings.DEFAULTS);
  static final Codec DEFLATE = new DeflateCodec();

  private static final long SEED = chooseSeed();

  private Artefacts() {}

  static Random random(String purpose) {
    return new Random(SEED * 31 + purpose.hashCode());
  }

  static int rounds(int ordinary, int nightly) {
    return "nightly".equals(System.getProperty("stream.test.scale")) ? nightly : ordinary;
  }

  static @Nullable Codec find(String name) {
    return switch (name) {
      case "none" -> NONE;
      case "deflate" -> DEFLATE;
      default -> null;
    };
  }

  static ArtefactHeader snapshot(int pageSize, long highWaterMark, Codec codec) {
    return new ArtefactHeader(
        ArtefactKind.SNAPSHOT,
        GENERATION,
        0,
        41,
        0,
        pageSize,
        ArtefactHeader.OPEN,
        highWaterMark,
        0,
        0,
        codec.name(),
        null,
        null,
        CREATED_AT,
        Map.of(ArtefactHeader.DATABASE, "sqlite", ArtefactHeader.POSITION, "salt=1;frame=2"));
  }

  static ArtefactHeader segment(int pageSize, long pageCount, long highWaterMark, Codec codec) {
    return new ArtefactHeader(
        ArtefactKind.SEGMENT,
        GENERATION,
        0,
        45,
        41,
        pageSize,
        pageCount,
        highWaterMark,
        0x0123456789ABCDEFL,
        0xFEDCBA9876543210L,
        codec.name(),
        null,
        null,
        CREATED_AT,
        Map.of());
  }

  static ArtefactSummary write(
      Path file, ArtefactHeader header, SortedMap<Long, byte[]> pages, Codec codec)
      throws IOException {
    try (ArtefactWriter writer = ArtefactWriter.create(file, header, codec, Runnable::run)) {
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        writer.addPage(page.getKey(), ByteBuffer.wrap(page.getValue()));
      }
      return writer.finish();
    }
  }

  static byte[] bytes(
      Path folder, ArtefactHeader header, SortedMap<Long, byte[]> pages, Codec codec)
      throws IOException {
    Path file = folder.resolve("artefact");
    ArtefactSummary ignored = write(file, header, pages, codec);
    return Files.readAllBytes(file);
  }

  static ArtefactReader open(byte[] artefact) throws IOException {
    return ArtefactReader.open(new Bytes(artefact), "test", Artefacts::find);
  }

  /** Opens, reads and verifies all of it. */
  static SortedMap<Long, byte[]> read(byte[] artefact) throws IOException {
    try (ArtefactReader reader = open(artefact)) {
      return read(reader);
    }
  }

  static SortedMap<Long, byte[]> read(ArtefactReader reader) throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    WholeReading.of(
        reader,
        (id, data, offset, length) ->
            pages.put(id, Arrays.copyOfRange(data, offset, offset + length)));
    return pages;
  }

  static long checksum(SortedMap<Long, byte[]> pages) {
    long checksum = 0;
    for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
      checksum ^= PageHash.of(page.getKey(), page.getValue(), 0, page.getValue().length);
    }
    return checksum;
  }

  /** Pages of text, of noise and of zeros. */
  static byte[] page(int pageSize, Random random) {
    byte[] page = new byte[pageSize];
    switch (random.nextInt(4)) {
      case 0 -> random.nextBytes(page);
      case 1 -> Arrays.fill(page, (byte) random.nextInt(256));
      case 2 -> {
        for (int i = 0; i < pageSize; i++) {
          page[i] = (byte) ('a' + random.nextInt(4));
        }
      }
      default -> {}
    }
    return page;
  }

  static SortedMap<Long, byte[]> pages(int pageSize, Random random, long... ids) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long id : ids) {
      pages.put(id, page(pageSize, random));
    }
    return pages;
  }

  private static long chooseSeed() {
    String given = System.getProperty("stream.test.seed");
    long seed =
        given == null || given.isBlank() ? System.nanoTime() & 0xFFFFFF : Long.parseLong(given);
    System.err.println("stream.test.seed=" + seed);
    return seed;
  }

  /** Bytes in memory. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes, long size) implements ByteRangeSource {

    Bytes(byte[] bytes) {
      this(bytes, bytes.length);
    }

    @Override
    public byte[] read(long offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, (long) length, size);
      if (offset + length > bytes.length) {
        throw new EOFException();
      }
      return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    }
  }
}
