package dev.stream.replica.nats;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in its stream an object's chunks are: runs of chunks of one length, next to each other in
 * the stream. As text, {@code 7:262144*40,50:262144*2,52:100*1} is forty chunks from position 7 on,
 * two from 50 on, and one of a hundred bytes.
 */
final class ChunkRuns {

  private static final Pattern RUN = Pattern.compile("(\\d{1,18}):(\\d{1,9})\\*(\\d{1,9})");

  /** Chunks of one length at neighbouring positions. */
  private record Run(long position, int length, int count, long offset) {

    long end() {
      return offset + (long) length * count;
    }
  }

  /**
   * A chunk.
   *
   * @param position its sequence number in the stream
   * @param offset of its first byte within the object
   */
  record Chunk(long position, long offset, int length) {}

  private final List<Run> runs = new ArrayList<>();

  /** Adds the next chunk. */
  void add(long position, int length) {
    if (!runs.isEmpty()) {
      Run last = runs.get(runs.size() - 1);
      if (last.length() == length && last.position() + last.count() == position) {
        runs.set(
            runs.size() - 1, new Run(last.position(), length, last.count() + 1, last.offset()));
        return;
      }
    }
    runs.add(new Run(position, length, 1, size()));
  }

  long size() {
    return runs.isEmpty() ? 0 : runs.get(runs.size() - 1).end();
  }

  long chunks() {
    return runs.stream().mapToLong(Run::count).sum();
  }

  /** The chunk that holds a byte; null at or past the end. */
  @Nullable Chunk at(long offset) {
    int low = 0;
    int high = runs.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).end() > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low > high || runs.get(low).end() <= offset) {
      return null;
    }
    Run run = runs.get(low);
    long index = (offset - run.offset()) / run.length();
    return new Chunk(run.position() + index, run.offset() + index * run.length(), run.length());
  }

  /** The runs as text. */
  String encode() {
    StringBuilder text = new StringBuilder();
    for (Run run : runs) {
      text.append(text.isEmpty() ? "" : ",")
          .append(run.position())
          .append(':')
          .append(run.length())
          .append('*')
          .append(run.count());
    }
    return text.toString();
  }

  /** Reads what {@link #encode} wrote; null for anything else. */
  static @Nullable ChunkRuns decode(String text) {
    ChunkRuns decoded = new ChunkRuns();
    if (text.isEmpty()) {
      return decoded;
    }
    long next = 1;
    for (String each : text.split(",", -1)) {
      Matcher run = RUN.matcher(each);
      if (!run.matches()) {
        return null;
      }
      long position = Long.parseLong(run.group(1));
      int length = Integer.parseInt(run.group(2));
      int count = Integer.parseInt(run.group(3));
      if (position < next || length == 0 || count == 0) {
        return null;
      }
      decoded.runs.add(new Run(position, length, count, decoded.size()));
      next = position + count;
    }
    return decoded;
  }
}
