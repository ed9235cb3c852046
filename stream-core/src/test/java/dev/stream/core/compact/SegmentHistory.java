package dev.stream.core.compact;

import dev.stream.api.codec.CodecSettings;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.WholeReading;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A database that changes at random, and its segments in a shadow directory: each says no more than
 * the format asks for. Pages that nobody wrote are zeros.
 */
public final class SegmentHistory {

  /** The generation of all. */
  public static final GenerationId GENERATION = new GenerationId("0000019abcdef012-89abcdef");

  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  public final ShadowDirectory directory;
  final ArtefactEncoding encoding;
  public final TreeMap<Long, byte[]> states = new TreeMap<>();
  public final List<SealedArtefact> segments = new ArrayList<>();
  private final int pageSize;
  private final Random random;

  /** Begins with some pages. */
  public SegmentHistory(Path folder, int pageSize, Random random) throws IOException {
    this.directory = ShadowDirectory.open(folder);
    this.pageSize = pageSize;
    this.random = random;
    this.encoding =
        new ArtefactEncoding(
            new NoneCodecProvider().create(CodecSettings.DEFAULTS),
            CodecSettings.DEFAULTS,
            "test",
            "writer",
            Runnable::run,
            Clock.fixed(NOW, ZoneOffset.UTC));
    byte[] base = new byte[(5 + random.nextInt(20)) * pageSize];
    random.nextBytes(base);
    states.put(0L, base);
  }

  /** Merges them. */
  public SegmentMerger merger() {
    return new SegmentMerger(directory, encoding, name -> encoding.codec());
  }

  /** Adds a segment of a few transactions; pages change, come, go, and turn to zeros. */
  public SealedArtefact grow() throws IOException {
    long parent = states.lastKey();
    byte[] before = states.get(parent);
    int pages = before.length / pageSize;
    int size =
        switch (random.nextInt(6)) {
          case 0 -> random.nextInt(pages + 1);
          case 1, 2 -> pages + random.nextInt(12);
          default -> pages;
        };
    byte[] after = Arrays.copyOf(before, size * pageSize);
    boolean[] written = new boolean[size + 1];
    for (int change = random.nextInt(6); size > 0 && change > 0; change--) {
      int page = 1 + random.nextInt(size);
      byte[] bytes = new byte[pageSize];
      if (random.nextInt(5) > 0) {
        random.nextBytes(bytes);
      }
      System.arraycopy(bytes, 0, after, (page - 1) * pageSize, pageSize);
      written[page] = true;
    }
    long txId = parent + 1 + random.nextInt(3);
    states.put(txId, after);
    List<Integer> ids = new ArrayList<>();
    for (int page = 1; page <= size; page++) {
      if (written[page]) {
        ids.add(page);
      }
    }
    SealedArtefact segment = write(parent, txId, ids);
    segments.add(segment);
    return segment;
  }

  private SealedArtefact write(long parent, long txId, List<Integer> ids) throws IOException {
    byte[] after = states.get(txId);
    ArtefactHeader header =
        new ArtefactHeader(
            ArtefactKind.SEGMENT,
            GENERATION.value(),
            0,
            txId,
            parent,
            pageSize,
            ids.size(),
            after.length / pageSize,
            checksum(states.get(parent)),
            checksum(after),
            "none",
            null,
            null,
            NOW,
            Map.of(
                ArtefactHeader.POSITION,
                "p" + txId,
                ArtefactHeader.FIRST_COMMIT_AT,
                NOW.plusMillis(parent + 1).toString(),
                ArtefactHeader.LAST_COMMIT_AT,
                NOW.plusMillis(txId).toString(),
                ArtefactHeader.CLOCK_STEPS,
                "" + txId / 7));
    var key = ArtefactKeys.segment(GENERATION, 0, parent + 1, txId);
    Path temporary = directory.temporary(key);
    ArtefactSummary summary;
    try (ArtefactWriter writer =
        ArtefactWriter.create(temporary, header, encoding.codec(), Runnable::run)) {
      for (int id : ids) {
        writer.addPage(id, ByteBuffer.wrap(after, (id - 1) * pageSize, pageSize));
      }
      summary = writer.finish();
    }
    directory.publish(temporary, key);
    return SealedArtefact.segment(
        GENERATION, 0, parent + 1, txId, summary.size(), NOW.plusMillis(parent + 1));
  }

  /** Adds a snapshot. */
  void snapshot(long txId) throws IOException {
    byte[] state = states.get(txId);
    ArtefactHeader header =
        new ArtefactHeader(
            ArtefactKind.SNAPSHOT,
            GENERATION.value(),
            0,
            txId,
            0,
            pageSize,
            ArtefactHeader.OPEN,
            state.length / pageSize,
            0,
            0,
            "none",
            null,
            null,
            NOW,
            Map.of());
    var key = ArtefactKeys.snapshot(GENERATION, txId);
    Path temporary = directory.temporary(key);
    try (ArtefactWriter writer =
        ArtefactWriter.create(temporary, header, encoding.codec(), Runnable::run)) {
      writer.addPages(1, ByteBuffer.wrap(state));
      ArtefactSummary ignored = writer.finish();
    }
    directory.publish(temporary, key);
  }

  long checksum(byte[] state) {
    long checksum = 0;
    for (int at = 0; at < state.length; at += pageSize) {
      checksum ^= PageHash.of(at / pageSize + 1, state, at, pageSize);
    }
    return checksum;
  }

  ArtefactReader open(SealedArtefact segment) throws IOException {
    return ArtefactReader.open(
        ByteRangeSource.ofFile(directory.path(segment.key())),
        segment.key().value(),
        name -> encoding.codec());
  }

  /** What the format says of applying a segment. */
  public byte[] apply(SealedArtefact segment, byte[] before) throws IOException {
    try (ArtefactReader reader = open(segment)) {
      byte[] after = Arrays.copyOf(before, (int) reader.header().highWaterMark() * pageSize);
      WholeReading.of(
          reader,
          (id, data, offset, length) ->
              System.arraycopy(data, offset, after, (int) (id - 1) * pageSize, length));
      return after;
    }
  }
}
