package dev.stream.core.artefact;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * That transactions were captured as one, because their source could not prove that it had seen
 * them all: what differed from the last state known was captured at once, and no state in between
 * can be had.
 *
 * @param reason what could not be proven
 * @param since when the last state before was known to be the newest
 * @param firstTxId the first of these transactions
 * @param txId the last of them, whose state is known again
 * @param count how many such stretches the artefact covers, from 1; the other values are of the
 *     newest of them
 */
public record CatchUpMark(String reason, Instant since, long firstTxId, long txId, int count) {

  /** Validates ids and count. */
  public CatchUpMark {
    if (firstTxId < 1 || txId < firstTxId || count < 1) {
      throw new IllegalArgumentException("catch-up of " + firstTxId + " to " + txId);
    }
  }

  /** The same, in an artefact that covers {@code more} stretches before it. */
  public CatchUpMark after(int more) {
    return new CatchUpMark(reason, since, firstTxId, txId, count + more);
  }

  /** Adds it to an artefact's attributes. */
  public void addTo(Map<String, String> attributes) {
    attributes.put(ArtefactHeader.CATCH_UP, reason);
    attributes.put(ArtefactHeader.CATCH_UP_SINCE, since.toString());
    attributes.put(ArtefactHeader.CATCH_UP_TX_IDS, firstTxId + "-" + txId);
    if (count > 1) {
      attributes.put(ArtefactHeader.CATCH_UPS, Integer.toString(count));
    }
  }

  /** That in an artefact's attributes; null if there is none, or none that can be read. */
  static @Nullable CatchUpMark in(Map<String, String> attributes) {
    String reason = attributes.get(ArtefactHeader.CATCH_UP);
    String since = attributes.get(ArtefactHeader.CATCH_UP_SINCE);
    String txIds = attributes.get(ArtefactHeader.CATCH_UP_TX_IDS);
    if (reason == null || since == null || txIds == null) {
      return null;
    }
    int dash = txIds.indexOf('-');
    try {
      return new CatchUpMark(
          reason,
          Instant.parse(since),
          Long.parseLong(txIds.substring(0, Math.max(dash, 0))),
          Long.parseLong(txIds.substring(dash + 1)),
          Integer.parseInt(attributes.getOrDefault(ArtefactHeader.CATCH_UPS, "1")));
    } catch (DateTimeException | IllegalArgumentException e) {
      return null;
    }
  }
}
