package dev.stream.source.bolt;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One bolt file being captured. What follows the state that was captured last, in the same file and
 * with a later number, is handed over as a flush of the pages that differ from it; whatever is in
 * doubt as a base. For use by one thread at a time.
 */
final class FileCapture {

  /** How often a number that went back is looked at again: one meta may be just being written. */
  private static final int LOOKS_AGAIN = 5;

  private final Attempts attempts;
  private final PageFlushObserver observer;
  private final ToldSignature signature;
  private final FileChanges changes = new FileChanges();
  private long txId;
  private @Nullable BoltState known;
  private @Nullable String pendingReason;
  private int wentBack;
  private @Nullable String reason;
  private boolean putOff;
  private boolean begunAnew;

  FileCapture(Attempts attempts, PageFlushObserver observer, long lastTxId, String reason) {
    this.attempts = attempts;
    this.observer = observer;
    this.signature = new ToldSignature(attempts.path(), observer);
    this.txId = lastTxId;
    this.pendingReason = reason;
  }

  /** What was captured last may be wrong or incomplete: the next look begins anew. */
  void doubt(String why) {
    pendingReason = why;
  }

  /**
   * Delivers what is committed.
   *
   * @param later asked where there are commits after the state that was captured last, and nothing
   *     is in doubt: whether they are left to a later call
   * @return whether anything was delivered
   * @throws MovedOnException if the writer left no time to read
   */
  boolean deliver(long patienceNanos, BooleanSupplier later) throws IOException {
    putOff = false;
    begunAnew = false;
    Reading reading =
        attempts.read((file, newest) -> wish(file, newest, false, later), patienceNanos);
    if (reading == null) {
      return false;
    }
    if (isUnexplained(reading)) {
      reading.close();
      return deliver(patienceNanos, later);
    }
    return hand(reading);
  }

  /** Whether the last {@link #deliver} left what is new to a later one. */
  boolean hasPutOff() {
    return putOff;
  }

  /** Whether the last {@link #deliver} delivered a base. */
  boolean hasBegunAnew() {
    return begunAnew;
  }

  /** The size of the state that was captured last. */
  long bytes() {
    BoltState last = known;
    return last == null ? 0 : last.meta().highWaterMark() * last.meta().pageSize();
  }

  /** The transaction that was captured last. */
  long txId() {
    return txId;
  }

  /** Nothing more will be delivered. */
  void end() {
    BoltState last = known;
    if (last != null && pendingReason == null) {
      signature.tell(last);
    }
  }

  /** The newest state; everything up to it has been delivered. */
  DatabaseImage image(long patienceNanos) throws IOException {
    while (true) {
      Reading reading =
          attempts.read((file, newest) -> wish(file, newest, true, () -> false), patienceNanos);
      if (reading == null) {
        throw new IllegalStateException("nothing was read");
      }
      if (isUnexplained(reading)) {
        reading.close();
        continue;
      }
      if (reason != null) {
        hand(reading); // The observer closes it, so the image is read anew.
        continue;
      }
      boolean done = false;
      try {
        flush(reading);
        done = true;
        return new BoltImage(txId, reading);
      } finally {
        if (!done) {
          reading.close();
        }
      }
    }
  }

  private Attempts.@Nullable Wish wish(
      BoltFile file, BoltMeta newest, boolean image, BooleanSupplier later) throws IOException {
    BoltState last = known;
    reason = pendingReason;
    if (reason == null && last != null) {
      reason = Doubt.of(last, file.identity(), newest);
      boolean back = last.meta().isAfter(newest) && last.identity().equals(file.identity());
      wentBack = back ? wentBack + 1 : 0;
      if (back && wentBack <= LOOKS_AGAIN) {
        throw new MovedOnException("a meta page is being written");
      }
    }
    if (reason == null && last != null && newest.isAfter(last.meta()) && later.getAsBoolean()) {
      putOff = true;
      return null;
    }
    FileTime changed = file.changed();
    if (reason == null
        && last != null
        && !image
        && newest.equals(last.meta())
        && !changes.isUnexplained(changed, System.nanoTime())) {
      return null;
    }
    changes.explained(changed);
    return reason != null || last == null
        ? new Attempts.Wish(null, true)
        : new Attempts.Wish(last, image);
  }

  /** Whether pages differ though the transaction is the same; the next reading is then a base. */
  private boolean isUnexplained(Reading reading) {
    BoltState last = known;
    boolean unexplained =
        reason == null
            && last != null
            && reading.meta().equals(last.meta())
            && reading.hasChanges();
    if (unexplained) {
      pendingReason = "the file was changed, and no transaction tells of it";
    }
    return unexplained;
  }

  /** Hands over what was read, and closes it. */
  private boolean hand(Reading reading) throws IOException {
    String why = reason;
    if (why == null) {
      try (reading) {
        return flush(reading);
      }
    }
    pendingReason = why;
    observer.onBase(new BoltImage(txId + 1, reading), Continuity.lost(why));
    txId++;
    known = reading.settle();
    pendingReason = null;
    begunAnew = true;
    return true;
  }

  private boolean flush(Reading reading) throws IOException {
    BoltState last = known;
    BoltMeta now = reading.meta();
    if (last == null) {
      throw new IllegalStateException("nothing was captured before");
    }
    if (now.equals(last.meta())) {
      return false;
    }
    long next = txId + now.txId() - last.meta().txId();
    observer.onPageFlush(
        new PageFlush(
            txId + 1,
            next,
            now.pageSize(),
            now.highWaterMark(),
            reading.position(),
            reading.frames()));
    txId = next;
    BoltState settled = reading.settle();
    known = settled;
    signature.after(settled);
    return true;
  }
}
