package dev.stream.testkit.database;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An observer that applies what a database source delivers, and checks every rule of {@link
 * PageFlushObserver} and its values on the way. After {@link
 * dev.stream.api.database.PagedDatabase#sync} its bytes must be those of the database.
 *
 * <p>A broken rule fails the source's call with an {@link AssertionError}, and again every later
 * question, since a source may swallow it. One instance may observe several captures one after the
 * other, as a restarted Stream does: {@link #resumePosition} then says where to go on. Thread-safe,
 * though a source must call it from one thread at a time.
 */
public final class ReplayedDatabase implements PageFlushObserver, AutoCloseable {

  /** What was known of the database after a transaction. */
  private record State(int pageSize, long pages, long digest) {}

  private final PageFile file;
  private final DeliveryRules rules = new DeliveryRules();
  private final Map<Long, State> history = new HashMap<>();
  private final List<Continuity> bases = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();
  private @Nullable ResumePosition last;
  private int flushes;
  private int flushesToFail;
  private int basesToFail;
  private Duration deliveryDelay = Duration.ZERO;

  private ReplayedDatabase(PageFile file) {
    this.file = file;
  }

  /** Replays in memory. */
  public static ReplayedDatabase inMemory() {
    return new ReplayedDatabase(PageFile.inMemory());
  }

  /** Replays into a file, which is created or emptied; for large databases. */
  public static ReplayedDatabase inFile(Path file) throws IOException {
    return new ReplayedDatabase(PageFile.in(file));
  }

  /** The source may put off commits for so long; to be called before capture begins. */
  public ReplayedDatabase allowing(Duration delay) {
    deliveryDelay = delay;
    return this;
  }

  @Override
  public Duration deliveryDelay() {
    return deliveryDelay;
  }

  /** The next flushes fail in the midst of their frames; nothing of them counts as taken. */
  public synchronized void failNextFlushes(int count) {
    flushesToFail = count;
  }

  /** The next bases are refused. */
  public synchronized void failNextBases(int count) {
    basesToFail = count;
  }

  /** How many failures that were asked for are still to come. */
  public synchronized int failuresLeft() {
    return flushesToFail + basesToFail;
  }

  @Override
  public void onPageFlush(PageFlush flush) throws IOException {
    rules.enter("onPageFlush");
    try {
      take(flush);
    } finally {
      rules.leave();
    }
  }

  private synchronized void take(PageFlush flush) throws IOException {
    rules.require(
        last != null, () -> "flush " + flush.firstTxId() + " came before any base was delivered");
    long expected = txId() + 1;
    rules.require(
        flush.firstTxId() == expected,
        () -> "flush begins with " + flush.firstTxId() + ", not " + expected);
    rules.require(
        flush.pageSize() == file.pageSize(),
        () -> "page size went from " + file.pageSize() + " to " + flush.pageSize() + " in a flush");
    boolean fail = flushesToFail > 0;
    if (fail) {
      flushesToFail--;
    }
    long digest = rules.checkFrames(flush, fail);
    if (fail) {
      throw new IOException("told to fail the flush to " + flush.txId());
    }
    file.resize(flush.highWaterMark());
    int pageSize = flush.pageSize();
    long[] again = new long[1];
    flush
        .frames()
        .forEach(
            frame -> {
              for (int i = 0; i < frame.pages(); i++) {
                ByteBuffer page =
                    frame.data().slice(frame.data().position() + i * pageSize, pageSize);
                file.write(frame.id() + i, page);
                again[0] = DeliveryRules.mix(again[0], frame.id() + i, page);
              }
            });
    rules.require(again[0] == digest, () -> "frames differ when they are asked for again");
    flushes++;
    reached(flush.txId(), flush.position());
  }

  @Override
  public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
    rules.enter("onBase");
    try (image) {
      take(image, continuity);
    } finally {
      rules.leave();
    }
  }

  private synchronized void take(DatabaseImage image, Continuity continuity) throws IOException {
    long txId = image.txId();
    rules.require(txId >= 1, () -> "transactions count from 1, base is at " + txId);
    rules.require(!continuity.reason().isBlank(), () -> "continuity has no reason");
    if (basesToFail > 0) {
      basesToFail--;
      throw new IOException("told to refuse the base at " + txId);
    }
    if (continuity.proven()) {
      rules.require(last != null, () -> "continuity is proven though nothing came before");
      rules.require(
          txId == txId(), () -> "proven base is at " + txId + ", deliveries ended at " + txId());
      rules.requireImage(image, file.pageSize(), file.pages(), file.digest());
    } else {
      long former = txId();
      rules.require(
          txId > former, () -> "lost base is at " + txId + ", not beyond the former " + former);
      rules.copy(image, file);
    }
    bases.add(continuity);
    reached(txId, image.position());
    image.close();
  }

  private void reached(long txId, String position) {
    last = new ResumePosition(txId, position);
    history.put(txId, new State(file.pageSize(), file.pages(), file.digest()));
  }

  /**
   * Checks that an image is the state that was replayed at its transaction, which must be the end
   * of a flush or a base, and closes it.
   */
  public void assertMatches(DatabaseImage image) throws IOException {
    try (image) {
      State state;
      synchronized (this) {
        rules.assertSound();
        state = history.get(image.txId());
      }
      rules.require(
          state != null,
          () -> "image is at " + image.txId() + ", where no delivery ended before it was returned");
      if (state != null) {
        rules.requireImage(image, state.pageSize(), state.pages(), state.digest());
      }
    }
  }

  /** The replayed bytes; for databases that fit into memory. */
  public synchronized byte[] bytes() throws IOException {
    rules.assertSound();
    return file.bytes();
  }

  /** The last transaction; 0 before the first base. */
  public synchronized long txId() {
    return last == null ? 0 : last.txId();
  }

  /** Bytes per page; 0 before the first base. */
  public synchronized int pageSize() {
    return file.pageSize();
  }

  /** Size of the database in pages. */
  public synchronized long highWaterMark() {
    return file.pages();
  }

  /** Where a next capture can go on; null before the first base. */
  public synchronized @Nullable ResumePosition resumePosition() {
    rules.assertSound();
    return last;
  }

  /** What was said of each base, in order. */
  public synchronized List<Continuity> bases() {
    rules.assertSound();
    return List.copyOf(bases);
  }

  /** How many flushes were taken. */
  public synchronized int flushes() {
    rules.assertSound();
    return flushes;
  }

  /** Notices, troubles and recoveries, in order. */
  public synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  /** A replay of its own, in memory, that has come as far as this one. */
  public synchronized ReplayedDatabase copy() throws IOException {
    rules.assertSound();
    ReplayedDatabase copy = inMemory();
    ByteBuffer bytes = ByteBuffer.wrap(file.bytes());
    copy.file.clear(file.pageSize());
    copy.file.resize(file.pages());
    for (long id = 1; id <= file.pages(); id++) {
      int at = Math.toIntExact((id - 1) * file.pageSize());
      copy.file.write(id, bytes.slice(at, file.pageSize()));
    }
    copy.last = last;
    copy.history.putAll(history);
    return copy;
  }

  /** Fails if any rule was broken. */
  public void assertSound() {
    rules.assertSound();
  }

  @Override
  public synchronized void onNotice(String message) {
    messages.add("notice: " + message);
  }

  @Override
  public synchronized void onTrouble(String message) {
    messages.add("trouble: " + message);
  }

  @Override
  public synchronized void onRecovered() {
    messages.add("recovered");
  }

  /** Lets go of the file. */
  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
