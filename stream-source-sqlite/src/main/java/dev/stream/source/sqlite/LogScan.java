package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Reads commits from a log: every frame's salts and running checksum are verified, and nothing
 * beyond the last whole commit is remembered, since a transaction that has spilled may still
 * rewrite its own frames. For use by one thread; keeps one buffer of about 1 MiB.
 */
final class LogScan {

  private static final int CHUNK = 1 << 20;

  private byte[] chunk = new byte[0];

  /**
   * Reads on from a position.
   *
   * @param limit last frame to read
   * @param softBytes stop at the first commit after so many bytes of frames
   */
  CommitRun read(WalFile wal, LogPosition from, long limit, long softBytes) throws IOException {
    return read(wal, from, limit, softBytes, Long.MAX_VALUE);
  }

  /** Reads on from a position, so many commits at most. */
  CommitRun read(WalFile wal, LogPosition from, long limit, long softBytes, long mostCommits)
      throws IOException {
    WalHeader log = Objects.requireNonNull(from.log());
    int frameBytes = log.frameBytes();
    int perChunk = Math.max(1, CHUNK / frameBytes);
    if (chunk.length < perChunk * frameBytes) {
      chunk = new byte[perChunk * frameBytes];
    }
    ByteBuffer view = ByteBuffer.wrap(chunk).order(ByteOrder.BIG_ENDIAN);
    CommitRun run = new CommitRun(from);
    long frame = from.frames();
    long sum = from.checksum();
    long softEnd = from.frames() + Math.max(1, softBytes / frameBytes);
    while (frame < limit) {
      int wanted = (int) Math.min(perChunk, limit - frame);
      view.clear().limit(wanted * frameBytes);
      int whole = wal.read(log.frameOffset(frame + 1), view) / frameBytes;
      if (whole == 0) {
        return run;
      }
      for (int i = 0; i < whole; i++) {
        int at = i * frameBytes;
        if (view.getInt(at + 8) != log.salt1() || view.getInt(at + 12) != log.salt2()) {
          return run;
        }
        sum = WalChecksum.update(log.bigEndian(), sum, chunk, at, 8);
        sum =
            WalChecksum.update(
                log.bigEndian(), sum, chunk, at + WalFile.FRAME_HEADER, log.pageSize());
        if (sum != WalChecksum.of(view.getInt(at + 16), view.getInt(at + 20))) {
          return run;
        }
        frame++;
        run.frame(Integer.toUnsignedLong(view.getInt(at)), frame);
        long sizeAfterCommit = Integer.toUnsignedLong(view.getInt(at + 4));
        if (sizeAfterCommit != 0) {
          run.commit(new LogPosition(log, frame, sum, log.pageSize(), sizeAfterCommit, true));
          if (frame >= softEnd || run.commits() >= mostCommits) {
            return run;
          }
        }
      }
    }
    return run;
  }

  /** Whether the last frame of a position still stands in the log as it was read. */
  static boolean intact(WalFile wal, LogPosition position) throws IOException {
    WalHeader log = Objects.requireNonNull(position.log());
    if (position.frames() == 0) {
      return false;
    }
    ByteBuffer header = ByteBuffer.allocate(WalFile.FRAME_HEADER);
    wal.read(log.frameOffset(position.frames()), header);
    return !header.hasRemaining()
        && header.getInt(8) == log.salt1()
        && header.getInt(12) == log.salt2()
        && WalChecksum.of(header.getInt(16), header.getInt(20)) == position.checksum();
  }
}
