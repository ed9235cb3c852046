package dev.stream.source.bolt;

import dev.stream.api.database.DatabaseImage.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what a database is known again though no page is what it was, which updates all over a small
 * one can bring about while Stream does not run: a good part of its entries is what it was, and its
 * transactions were counted on. Another environment's database has other entries; an older copy has
 * lower numbers. So has what {@code Compact} leaves, which nothing tells from an older copy.
 *
 * @param inode the number of the file
 * @param txId bolt's number of the transaction
 * @param entries a sketch of what is in it ({@link EntrySketch})
 */
record BoltSignature(String inode, long txId, List<String> entries) {

  private static final String MARK = "bolt1";

  /** One in so many entries has to be what it was. */
  private static final int COMMON = 3;

  /** What {@link #token} gave; null if it was something else. */
  static @Nullable BoltSignature parse(String token) {
    String[] parts = token.split(" ", -1);
    if (parts.length != 4 || !parts[0].equals(MARK)) {
      return null;
    }
    try {
      List<String> entries = parts[3].isEmpty() ? List.of() : List.of(parts[3].split(",", -1));
      return new BoltSignature(parts[1], Long.parseUnsignedLong(parts[2]), entries);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** As text without line breaks. */
  String token() {
    return String.join(" ", MARK, inode, Long.toUnsignedString(txId), String.join(",", entries));
  }

  /** What it has to do with the file of an earlier one, where no page is what it was. */
  Relation relationTo(BoltSignature before) {
    if (Long.compareUnsigned(txId, before.txId) < 0) {
      return inode.equals(before.inode) ? Relation.OTHER : Relation.UNKNOWN;
    }
    long common = before.entries.stream().filter(entries::contains).count();
    // Where nothing was in it, nothing is lost.
    return common * COMMON >= before.entries.size() ? Relation.LATER : Relation.UNKNOWN;
  }
}
