package dev.stream.source.sqlite;

import dev.stream.source.sqlite.Connections.CheckpointState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The header of a log's shared index (SQLite's "WAL-mode File Format", section 2.1 "The WAL-Index
 * File Format"): how many frames are committed and published, and how many are written back.
 *
 * <p>SQLite tells the same through {@code PRAGMA wal_checkpoint(NOOP)}, but takes the write lock
 * for that: one call in some five hundred made a busy writer without a timeout fail. Reading the
 * file takes no lock at all. The descriptor is never closed, since that would drop this process's
 * locks.
 */
final class WalIndex {

  private static final int HEADER = 48;
  private static final int BACKFILLED = 2 * HEADER;
  private static final int BYTES = BACKFILLED + 4;
  private static final int VERSION = 3_007_000;
  private static final long RETRY_NANOS = 20_000;
  private static final int PATIENCE = 100_000;

  private final Path path;
  private final FileChannel channel;
  private final byte[] bytes = new byte[BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());

  private WalIndex(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** The index of a database that is open in WAL mode, and stays so while this is used. */
  static WalIndex of(Path database) throws IOException {
    Path path = database.resolveSibling(database.getFileName() + "-shm");
    return new WalIndex(path, KeptOpen.at(path).channel());
  }

  /** What is published now. */
  CheckpointState read() throws IOException {
    for (int attempt = 0; attempt < PATIENCE; attempt++) {
      view.clear();
      int got = 0;
      while (view.hasRemaining() && got >= 0) {
        got = channel.read(view, view.position());
      }
      if (!view.hasRemaining() && isWhole()) {
        return new CheckpointState(
            false,
            Integer.toUnsignedLong(view.getInt(16)),
            Integer.toUnsignedLong(view.getInt(BACKFILLED)));
      }
      // A writer is publishing at this moment.
      LockSupport.parkNanos(RETRY_NANOS);
    }
    throw new IOException(
        path + " never holds two equal headers: it is damaged, or of a SQLite that is not known");
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
    if (read().logFrames() == 0) {
      return;
    }
    int change = view.getInt(8);
    while (view.getInt(8) == change && System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
      read();
    }
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
