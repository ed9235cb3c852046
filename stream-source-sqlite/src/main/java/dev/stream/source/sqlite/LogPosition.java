package dev.stream.source.sqlite;

import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A commit boundary in a write-ahead log, with what proves it: the log's salts and the running
 * checksum up to it.
 *
 * @param log the log's header; null while the database has none
 * @param frames number of frames up to here
 * @param checksum running checksum after the last of them
 * @param pageSize bytes per page
 * @param highWaterMark size of the database in pages
 * @param resumable false where the log on disk was already used up, so that its frames prove
 *     nothing
 */
record LogPosition(
    @Nullable WalHeader log,
    long frames,
    long checksum,
    int pageSize,
    long highWaterMark,
    boolean resumable) {

  private static final String VERSION = "w1";

  static LogPosition startOf(WalHeader log, long highWaterMark) {
    return new LogPosition(log, 0, log.checksum(), log.pageSize(), highWaterMark, true);
  }

  /** Everything is in the database file; the log, if there is one, is used up. */
  static LogPosition inFile(@Nullable WalHeader usedUp, int pageSize, long highWaterMark) {
    long checksum = usedUp == null ? 0 : usedUp.checksum();
    return new LogPosition(usedUp, 0, checksum, pageSize, highWaterMark, false);
  }

  long bytes() {
    return frames * (WalFile.FRAME_HEADER + pageSize);
  }

  /** Readable only by {@link #parse}. */
  String token() {
    if (log == null || !resumable) {
      return VERSION;
    }
    HexFormat hex = HexFormat.of();
    return String.join(
        ":",
        VERSION,
        log.bigEndian() ? "b" : "l",
        hex.toHexDigits(log.salt1()),
        hex.toHexDigits(log.salt2()),
        Long.toHexString(frames),
        hex.toHexDigits(checksum),
        Integer.toString(pageSize),
        Long.toString(highWaterMark));
  }

  /** Empty if the token names no place in a log, or is of another version. */
  static Optional<LogPosition> parse(String token) {
    String[] part = token.split(":", -1);
    if (part.length != 8 || !part[0].equals(VERSION)) {
      return Optional.empty();
    }
    try {
      int pageSize = Integer.parseInt(part[6]);
      // The header's own checksum is not needed to go on from a later frame.
      WalHeader log =
          new WalHeader(
              part[1].equals("b"),
              pageSize,
              Integer.parseUnsignedInt(part[2], 16),
              Integer.parseUnsignedInt(part[3], 16),
              0,
              0);
      return Optional.of(
          new LogPosition(
              log,
              Long.parseLong(part[4], 16),
              Long.parseUnsignedLong(part[5], 16),
              pageSize,
              Long.parseLong(part[7]),
              true));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
