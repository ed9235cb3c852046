package dev.stream.core.restore;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.codec.NoneCodecProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A database that changes at random, remembered as of every transaction. */
public final class PageHistory {

  static final Codec NONE = new NoneCodecProvider().create(CodecSettings.DEFAULTS);
  static final Instant COMMITTED_AT = Instant.parse("2026-01-02T03:04:06Z");

  public final int pageSize;
  public final TreeMap<Long, byte[]> states = new TreeMap<>();
  private final GenerationId generation;
  private final Map<Long, Instant> committedAt = new TreeMap<>();
  private final Random random;
  Codec codec = NONE;
  @Nullable Integer compressionLevel;

  public PageHistory(GenerationId generation, int pageSize, Random random) {
    this.generation = generation;
    this.pageSize = pageSize;
    this.random = random;
  }

  public static @Nullable Codec codecs(String name) {
    return name.equals("none") ? NONE : null;
  }

  public GenerationId generation() {
    return generation;
  }

  /** Begins with so many random pages as of a transaction. */
  public PageHistory begin(long txId, int pages) {
    byte[] bytes = new byte[pages * pageSize];
    random.nextBytes(bytes);
    states.put(txId, bytes);
    return this;
  }

  /** Commits: changes, grows with and without bytes, shrinks, zeroes pages. */
  public PageHistory commit(int times) {
    for (int i = 0; i < times; i++) {
      byte[] now = states.lastEntry().getValue();
      int pages = now.length / pageSize;
      int size =
          switch (random.nextInt(6)) {
            case 0 -> Math.max(1, pages - random.nextInt(pages + 1));
            case 1, 2 -> pages + random.nextInt(8);
            default -> pages;
          };
      byte[] next = Arrays.copyOf(now, size * pageSize);
      for (int change = random.nextInt(5); change >= 0; change--) {
        int page = random.nextInt(size);
        byte[] bytes = new byte[pageSize];
        if (random.nextInt(6) > 0) {
          random.nextBytes(bytes);
        }
        System.arraycopy(bytes, 0, next, page * pageSize, pageSize);
      }
      states.put(states.lastKey() + 1, next);
    }
    return this;
  }

  /** When a transaction was committed; {@link #COMMITTED_AT} if not said. */
  PageHistory commitAt(long txId, Instant at) {
    committedAt.put(txId, at);
    return this;
  }

  Instant committedAt(long txId) {
    return committedAt.getOrDefault(txId, COMMITTED_AT);
  }

  /** How often the clock was set back until then, as segments of one transaction each see it. */
  private int clockSteps(long txId) {
    int steps = 0;
    for (long at = states.firstKey() + 1; at <= txId; at++) {
      steps += committedAt(at).isBefore(committedAt(at - 1)) ? 1 : 0;
    }
    return steps;
  }

  public long checksum(long txId) {
    byte[] bytes = states.get(txId);
    long checksum = 0;
    for (int at = 0; at < bytes.length; at += pageSize) {
      checksum ^= PageHash.of(at / pageSize + 1, bytes, at, pageSize);
    }
    return checksum;
  }

  public ObjectKey snapshot(TestReplica replica, long txId) throws IOException {
    byte[] state = states.get(txId);
    List<Integer> pages = new ArrayList<>();
    for (int page = 1; page <= state.length / pageSize; page++) {
      pages.add(page);
    }
    ObjectKey key = ArtefactKeys.snapshot(generation, txId);
    replica.objects.put(key.value(), artefact(header(0, 0, txId, pages.size()), state, pages));
    return key;
  }

  public ObjectKey segment(TestReplica replica, int level, long first, long last)
      throws IOException {
    byte[] before = states.get(first - 1);
    byte[] after = states.get(last);
    List<Integer> pages = new ArrayList<>();
    for (int page = 1; page <= after.length / pageSize; page++) {
      // A page that some commit of the run cut off and a later one brought back is in it, too.
      boolean changed = random.nextInt(20) == 0;
      for (long txId = first; txId <= last; txId++) {
        changed |= !same(states.get(txId - 1), states.get(txId), page);
      }
      changed |= !same(before, after, page);
      if (changed) {
        pages.add(page);
      }
    }
    ObjectKey key = ArtefactKeys.segment(generation, level, first, last);
    replica.objects.put(
        key.value(), artefact(header(level, first - 1, last, pages.size()), after, pages));
    return key;
  }

  /** A segment of one transaction that lacks what it should have, as of a commit not seen. */
  void emptySegment(TestReplica replica, long txId) throws IOException {
    ObjectKey key = ArtefactKeys.segment(generation, 0, txId, txId);
    replica.objects.put(
        key.value(), artefact(header(0, txId - 1, txId, 0), states.get(txId), List.of()));
  }

  /** Changes a page of all states from one transaction to another one. */
  void change(int page, long from, long to) {
    for (byte[] state : states.subMap(from, true, to, true).values()) {
      state[(page - 1) * pageSize] ^= 1;
    }
  }

  private boolean same(byte[] one, byte[] other, int page) {
    int at = (page - 1) * pageSize;
    byte[] a = at < one.length ? Arrays.copyOfRange(one, at, at + pageSize) : new byte[pageSize];
    byte[] b =
        at < other.length ? Arrays.copyOfRange(other, at, at + pageSize) : new byte[pageSize];
    return Arrays.equals(a, b);
  }

  ArtefactHeader header(int level, long parentTxId, long txId, int pages) {
    boolean segment = states.containsKey(parentTxId) && (parentTxId > 0 || level > 0);
    return new ArtefactHeader(
        segment ? ArtefactKind.SEGMENT : ArtefactKind.SNAPSHOT,
        generation.value(),
        level,
        txId,
        segment ? parentTxId : 0,
        pageSize,
        pages,
        states.get(txId).length / pageSize,
        segment ? checksum(parentTxId) : 0,
        checksum(txId),
        codec.name(),
        compressionLevel,
        null,
        COMMITTED_AT,
        Map.of(
            ArtefactHeader.DATABASE,
            "test",
            ArtefactHeader.LAST_COMMIT_AT,
            committedAt(txId).toString(),
            ArtefactHeader.CLOCK_STEPS,
            Integer.toString(clockSteps(txId))));
  }

  byte[] artefact(ArtefactHeader header, byte[] state, List<Integer> pages) throws IOException {
    Path file = Files.createTempFile("artefact", null);
    try (ArtefactWriter writer = ArtefactWriter.create(file, header, codec, Runnable::run)) {
      for (int page : pages) {
        writer.addPage(page, ByteBuffer.wrap(state, (page - 1) * pageSize, pageSize));
      }
      writer.finish();
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
