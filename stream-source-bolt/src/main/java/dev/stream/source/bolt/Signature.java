package dev.stream.source.bolt;

import dev.stream.api.database.DatabaseImage.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is known again though no page is what it was, which a few commits can bring about
 * in a small one while Stream does not run: it is the same file, its transactions were counted on,
 * and a good part of its outermost buckets is what it was. A file that was made anew, also by
 * {@code Compact}, begins to count anew, and is mostly another one.
 *
 * @param inode the number of the file
 * @param txId bolt's number of the transaction
 * @param buckets a sketch of the names of the outermost buckets ({@link OuterBuckets})
 */
record Signature(String inode, long txId, List<String> buckets) {

  private static final String MARK = "bolt1";

  /** One in so many buckets has to be what it was. */
  private static final int COMMON = 3;

  /** What {@link #token} gave; null if it was something else. */
  static @Nullable Signature parse(String token) {
    String[] parts = token.split(" ", -1);
    if (parts.length != 4 || !parts[0].equals(MARK)) {
      return null;
    }
    try {
      List<String> buckets = parts[3].isEmpty() ? List.of() : List.of(parts[3].split(",", -1));
      return new Signature(parts[1], Long.parseUnsignedLong(parts[2]), buckets);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** As text without line breaks. */
  String token() {
    return String.join(" ", MARK, inode, Long.toUnsignedString(txId), String.join(",", buckets));
  }

  /** What it has to do with the file of an earlier one, where no page is what it was. */
  Relation relationTo(Signature before) {
    if (!inode.equals(before.inode)) {
      return Relation.UNKNOWN;
    }
    if (Long.compareUnsigned(txId, before.txId) < 0) {
      return Relation.OTHER;
    }
    if (before.buckets.isEmpty()) {
      return Relation.LATER; // There was nothing in it that could be lost.
    }
    long common = before.buckets.stream().filter(buckets::contains).count();
    return common * COMMON >= before.buckets.size() ? Relation.LATER : Relation.UNKNOWN;
  }
}
