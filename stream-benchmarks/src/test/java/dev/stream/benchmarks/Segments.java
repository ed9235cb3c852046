package dev.stream.benchmarks;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.codec.zstd.ZstdCodecProvider;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Segments of a database of 1,000 pages of 4 KiB, half of each random. */
final class Segments {

  static final GenerationId GENERATION = new GenerationId("0000019abcdef012-89abcdef");
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final int PAGE = 4096;
  static final int PAGES = 1000;

  private Segments() {}

  static Codec codec(String name) throws IOException {
    return name.equals("none")
        ? new NoneCodecProvider().create(CodecSettings.DEFAULTS)
        : new ZstdCodecProvider().create(CodecSettings.DEFAULTS);
  }

  /** So many pages one after another. */
  static byte[] pages(int count) {
    byte[] pages = new byte[count * PAGE];
    byte[] half = new byte[PAGE / 2];
    Random random = new Random(1);
    for (int page = 0; page < count; page++) {
      random.nextBytes(half);
      System.arraycopy(half, 0, pages, page * PAGE, half.length);
    }
    return pages;
  }

  /** Writes the segment of one transaction: so many pages from one on. */
  static ArtefactSummary write(
      Path file, long txId, Codec codec, byte[] pages, int first, int count) throws IOException {
    ArtefactHeader header =
        new ArtefactHeader(
            ArtefactKind.SEGMENT,
            GENERATION.value(),
            0,
            txId,
            txId - 1,
            PAGE,
            count,
            PAGES,
            txId - 1,
            txId,
            codec.name(),
            null,
            null,
            NOW,
            Map.of(
                ArtefactHeader.POSITION,
                "p" + txId,
                ArtefactHeader.FIRST_COMMIT_AT,
                NOW.toString(),
                ArtefactHeader.LAST_COMMIT_AT,
                NOW.toString()));
    try (ArtefactWriter writer = ArtefactWriter.create(file, header, codec, Runnable::run)) {
      for (int i = 0; i < count; i++) {
        writer.addPage(first + i, ByteBuffer.wrap(pages, i * PAGE, PAGE));
      }
      return writer.finish();
    }
  }

  /** The same, as an artefact of a shadow directory. */
  static SealedArtefact publish(
      ShadowDirectory directory, long txId, Codec codec, byte[] pages, int first, int count)
      throws IOException {
    var key = ArtefactKeys.segment(GENERATION, 0, txId, txId);
    Path temporary = directory.temporary(key);
    ArtefactSummary summary = write(temporary, txId, codec, pages, first, count);
    directory.publish(temporary, key);
    return SealedArtefact.segment(GENERATION, 0, txId, txId, summary.size(), NOW);
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              each -> {
                try {
                  Files.delete(each);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
