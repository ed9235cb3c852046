package dev.stream.it.h2;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges boundaries by what H2 alone finds in them.
 *
 * <p>H2 has a fault of its own here, with or without Stream: when a chunk is written into space
 * that was free, the way from the header to the newest chunks may be broken until the next header
 * is written, and whoever is killed in between finds acknowledged commits no more, though they are
 * whole in the file. In H2 2.5 the header itself names the chunk before the newest, and databases
 * are hit (0.7 % of their boundaries); with 2.4 it was seen in MVStores that are compacted or
 * rolled back (0.2 %), in databases never. So a boundary in which H2 misses the newest commits is
 * asked again, with a header that leads to the newest chunk: then everything must be there. How
 * often that was needed is counted.
 */
final class Verdicts {

  /** What is wrong with a file's bytes, given the states that they may hold; null if nothing. */
  interface Judge {
    @Nullable String wrong(byte[] bytes, List<StateLog.Span> spans) throws IOException;
  }

  private final Judge judge;
  private int judged;
  private int behindHeader;

  Verdicts(Judge judge) {
    this.judge = judge;
  }

  void judge(Boundary boundary) throws IOException {
    judged++;
    String wrong = judge.wrong(boundary.bytes(), boundary.spans());
    if (wrong == null) {
      return;
    }
    behindHeader++;
    byte[] mended = StoreHeader.pointingAt(boundary.newestChunk(), boundary.bytes());
    String still = judge.wrong(mended, boundary.spans());
    if (still != null) {
      throw new AssertionError(
          "at the boundary after %s: %s; with a header to the newest chunk: %s"
              .formatted(boundary.what(), wrong, still));
    }
  }

  @Override
  public String toString() {
    return judged + " opened by H2, of which " + behindHeader + " by a header that H2 wrote late";
  }
}
