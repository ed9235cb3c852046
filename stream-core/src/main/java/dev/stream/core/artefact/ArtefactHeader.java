package dev.stream.core.artefact;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an artefact says of itself.
 *
 * <p>The totals {@code pageCount} and {@code checksum} of a snapshot may be open while it is
 * written: {@code pageCount} is {@link #OPEN} and {@code checksum} 0 then. The footer of the file
 * always has both, and a header that is read has them filled in from there.
 *
 * @param kind snapshot or segment
 * @param generation id of the generation: 16 and 8 lower-case hex digits with a dash between
 * @param level compaction level, from 0; always 0 in a snapshot
 * @param txId last transaction in the artefact
 * @param parentTxId the transaction on which it builds; always 0 in a snapshot
 * @param pageSize bytes per page, a power of two from {@link #MIN_PAGE_SIZE} to {@link
 *     #MAX_PAGE_SIZE}
 * @param pageCount number of pages in the artefact, or {@link #OPEN}
 * @param highWaterMark size of the database in pages after {@code txId}
 * @param parentChecksum checksum of the database at {@code parentTxId}; always 0 in a snapshot
 * @param checksum checksum of the database at {@code txId}
 * @param compression name of the codec
 * @param compressionLevel level it was asked for; null for its default
 * @param compressionWindow window it was asked for; null for its default
 * @param createdAt when the artefact was begun
 * @param additionalAttrs more, by name; unknown names are kept
 */
public record ArtefactHeader(
    ArtefactKind kind,
    String generation,
    int level,
    long txId,
    long parentTxId,
    int pageSize,
    long pageCount,
    long highWaterMark,
    long parentChecksum,
    long checksum,
    String compression,
    @Nullable Integer compressionLevel,
    @Nullable Integer compressionWindow,
    Instant createdAt,
    Map<String, String> additionalAttrs) {

  /** {@code pageCount} of a snapshot whose totals are not known yet. */
  public static final long OPEN = -1;

  /** The smallest page size. */
  public static final int MIN_PAGE_SIZE = 512;

  /** The largest page size. */
  public static final int MAX_PAGE_SIZE = 65536;

  /** Attribute: the token with which the source resumes after {@code txId}. */
  public static final String POSITION = "position";

  /** Attribute: the type of the database, such as {@code sqlite}. */
  public static final String DATABASE = "database";

  /**
   * Attribute: who wrote the artefact, 32 lower-case hex digits that are those of one shadow
   * directory. Left out by versions that did not tell.
   */
  public static final String WRITER = "writer";

  /** Attribute: when the first commit in the artefact was seen, an ISO-8601 instant. */
  public static final String FIRST_COMMIT_AT = "firstCommitAt";

  /** Attribute: when the last commit in the artefact was seen, an ISO-8601 instant. */
  public static final String LAST_COMMIT_AT = "lastCommitAt";

  /**
   * Attribute: how often, in this generation up to {@code txId}, a segment's last commit was seen
   * earlier than that of the segment before, since the clock had been set back; a decimal number,
   * left out when it is 0.
   */
  public static final String CLOCK_STEPS = "clockSteps";

  /** Attribute of a segment with a {@link CatchUpMark}: its reason. */
  public static final String CATCH_UP = "catchUp";

  /** Attribute: since when, an ISO-8601 instant. */
  public static final String CATCH_UP_SINCE = "catchUpSince";

  /** Attribute: the transactions that were captured as one, first and last with a dash between. */
  public static final String CATCH_UP_TX_IDS = "catchUpTxIds";

  /** Attribute: how many catch-ups a merged segment covers; left out when it is one. */
  public static final String CATCH_UPS = "catchUps";

  /**
   * Attribute: how often, in this generation up to {@code txId}, transactions were captured as one;
   * a decimal number, left out when it is 0.
   */
  public static final String CATCH_UPS_SO_FAR = "catchUpsSoFar";

  private static final Pattern GENERATION = Pattern.compile("[0-9a-f]{16}-[0-9a-f]{8}");
  private static final Pattern CODEC = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  /**
   * Validates every value.
   *
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public ArtefactHeader {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(createdAt, "createdAt");
    additionalAttrs = Map.copyOf(additionalAttrs);
    require(GENERATION.matcher(generation).matches(), "generation", generation);
    require(CODEC.matcher(compression).matches(), "compression", compression);
    require(
        Integer.bitCount(pageSize) == 1 && pageSize >= MIN_PAGE_SIZE && pageSize <= MAX_PAGE_SIZE,
        "pageSize",
        pageSize);
    require(
        highWaterMark >= 0 && highWaterMark <= Long.MAX_VALUE / pageSize,
        "highWaterMark",
        highWaterMark);
    if (kind == ArtefactKind.SNAPSHOT) {
      require(level == 0, "level", level);
      require(parentTxId == 0, "parentTxId", parentTxId);
      require(parentChecksum == 0, "parentChecksum", Checksums.hex(parentChecksum));
      require(txId >= 0, "txId", txId);
      require(pageCount >= OPEN && pageCount <= highWaterMark, "pageCount", pageCount);
      require(pageCount != OPEN || checksum == 0, "checksum", Checksums.hex(checksum));
    } else {
      require(level >= 0, "level", level);
      require(parentTxId >= 0, "parentTxId", parentTxId);
      require(txId > parentTxId, "txId", txId);
      require(pageCount >= 0 && pageCount <= highWaterMark, "pageCount", pageCount);
    }
  }

  /** The newest catch-up in a segment; null if it has none. */
  public @Nullable CatchUpMark catchUp() {
    return CatchUpMark.in(additionalAttrs);
  }

  /** The first transaction in the artefact. */
  public long firstTxId() {
    return parentTxId + 1;
  }

  /** Who wrote the artefact; null if it does not tell. */
  public @Nullable String writer() {
    return additionalAttrs.get(WRITER);
  }

  /** Whether page count and checksum are yet to be found. */
  public boolean isOpen() {
    return pageCount == OPEN;
  }

  /** The header as it stands in an artefact. */
  public String toJson() {
    return new String(HeaderJson.encode(this), StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param what what it is the header of, for people
   * @throws ArtefactException if it is none
   */
  public static ArtefactHeader ofJson(String json, String what) throws ArtefactException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return HeaderJson.decode(bytes, 0, bytes.length, what);
  }

  /** The same header with these totals. */
  public ArtefactHeader withTotals(long newPageCount, long newChecksum) {
    return new ArtefactHeader(
        kind,
        generation,
        level,
        txId,
        parentTxId,
        pageSize,
        newPageCount,
        highWaterMark,
        parentChecksum,
        newChecksum,
        compression,
        compressionLevel,
        compressionWindow,
        createdAt,
        additionalAttrs);
  }

  private static void require(boolean valid, String name, Object value) {
    if (!valid) {
      throw new IllegalArgumentException(name + " is out of range: " + value);
    }
  }
}
