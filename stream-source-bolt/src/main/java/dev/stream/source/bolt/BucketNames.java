package dev.stream.source.bolt;

import dev.stream.api.database.DatabaseImage.Relation;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * The names of the buckets at the top, by which a database is known again after all of its pages
 * were written anew ({@code Compact}). Kept as checksums, the least {@value #MOST} of them, so that
 * the same names are kept of two states. For use by one thread.
 */
final class BucketNames {

  private static final int MOST = 64;
  private static final String MARK = "bolt-buckets";

  private final TreeSet<String> kept = new TreeSet<>();

  void add(byte[] name) {
    CRC32C checksum = new CRC32C();
    checksum.update(name);
    kept.add(String.format("%08x", checksum.getValue()));
    if (kept.size() > MOST) {
      kept.pollLast();
    }
  }

  /** The text that is kept; empty without any bucket. */
  String signature() {
    return kept.isEmpty() ? "" : MARK + " " + String.join(" ", kept);
  }

  /** What a database with these names has to do with one of an earlier signature. */
  static Relation relation(String now, String earlier) {
    Set<String> former = new TreeSet<>(Arrays.asList(earlier.split(" ", -1)));
    Set<String> present = new TreeSet<>(Arrays.asList(now.split(" ", -1)));
    if (!former.remove(MARK) || !present.remove(MARK)) {
      return Relation.UNKNOWN;
    }
    int all = former.size();
    former.retainAll(present);
    if (former.isEmpty()) {
      return Relation.OTHER;
    }
    return 2 * former.size() >= all ? Relation.LATER : Relation.UNKNOWN;
  }
}
