package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The header of a log's shared index (SQLite's "WAL-mode File Format", section 2.1 "The WAL-Index
 * File Format"): how many frames are committed and published, how many of them are written back,
 * and how many commits there were.
 *
 * <p>SQLite tells the same through {@code PRAGMA wal_checkpoint(NOOP)}, but takes the write lock
 * for that: one call in some five hundred made a busy writer without a timeout fail. Reading the
 * file takes no lock at all. The descriptor is not closed here, since that would drop this
 * process's locks; see {@link KeptOpen}.
 *
 * <p>For use by one thread.
 */
final class WalIndex {

  private static final int HEADER = 48;
  private static final int BACKFILLED = 2 * HEADER;
  private static final int BYTES = BACKFILLED + 4;
  private static final int VERSION = 3_007_000;
  private static final long RETRY_NANOS = 20_000;
  private static final int PATIENCE = 100_000;

  private final Path path;
  private final KeptOpen.KeptFile file;
  private final CommitCount count = new CommitCount();
  private final byte[] bytes = new byte[BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());

  private WalIndex(Path path, KeptOpen.KeptFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * What the index says at one moment.
   *
   * @param change the counter of commits
   * @param logFrames frames that are committed and published
   * @param writtenBack how many of them are in the database file
   * @param salt1 salt of the log that the frames are in
   * @param salt2 its other salt
   */
  record State(int change, long logFrames, long writtenBack, int salt1, int salt2) {

    /** Whether these are frames of the log with this header. */
    boolean isOf(WalHeader log) {
      return salt1 == log.salt1() && salt2 == log.salt2();
    }

    boolean sameLog(State other) {
      return salt1 == other.salt1 && salt2 == other.salt2;
    }
  }

  static Path path(Path database) {
    return database.resolveSibling(database.getFileName() + "-shm");
  }

  /** The index of a database that is open in WAL mode. */
  static WalIndex of(Path database) throws IOException {
    Path path = path(database);
    return new WalIndex(path, KeptOpen.at(path));
  }

  /** Whether the path still leads to the file that is open here. */
  boolean isCurrent() throws IOException {
    return file.isAt(path);
  }

  /** How many descriptors of this process refer to it; -1 if that cannot be told. */
  int descriptors() {
    return OpenDescriptors.of(file.key());
  }

  /** What is published now. */
  State read() throws IOException {
    for (int attempt = 0; attempt < PATIENCE; attempt++) {
      State state = readOnce();
      if (state != null) {
        return state;
      }
      // A writer is publishing at this moment.
      LockSupport.parkNanos(RETRY_NANOS);
    }
    throw new IOException(
        path + " never holds two equal headers: it is damaged, or of a SQLite that is not known");
  }

  /** What is published now; null while a writer publishes, or while nobody has made the index. */
  @Nullable State readOnce() throws IOException {
    view.clear();
    int got = 0;
    while (view.hasRemaining() && got >= 0) {
      got = file.channel().read(view, view.position());
    }
    if (view.hasRemaining() || !isWhole()) {
      return null;
    }
    State state =
        new State(
            view.getInt(8),
            Integer.toUnsignedLong(view.getInt(16)),
            Integer.toUnsignedLong(view.getInt(BACKFILLED)),
            bigEndianInt(32),
            bigEndianInt(36));
    count.seen(state.change(), System.nanoTime());
    return state;
  }

  /** Counts the commits that {@link #read} has seen. */
  CommitCount count() {
    return count;
  }

  /** Whether the log that had so many frames is no more. */
  boolean isRestarted(long frames) throws IOException {
    return read().logFrames() < frames;
  }

  /**
   * Waits, spinning, until something is published, or until the time is over. Returns at once while
   * the log is being restarted: its header is synced before anything is published in it.
   */
  void awaitPublication(long nanos) throws IOException {
    long start = System.nanoTime();
    State first = read();
    if (first.logFrames() == 0) {
      return;
    }
    State now = first;
    while (now.change() == first.change() && System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
      now = read();
    }
  }

  private int bigEndianInt(int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }

  /** Both copies are equal and carry the right checksum: nobody was writing meanwhile. */
  private boolean isWhole() {
    for (int i = 0; i < HEADER; i++) {
      if (bytes[i] != bytes[HEADER + i]) {
        return false;
      }
    }
    boolean bigEndian = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    return view.getInt(0) == VERSION
        && bytes[12] != 0
        && WalChecksum.update(bigEndian, 0, bytes, 0, HEADER - 8)
            == WalChecksum.of(view.getInt(HEADER - 8), view.getInt(HEADER - 4));
  }
}
