package dev.stream.core.month;

import dev.stream.core.checksum.PageHash;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** A database of pages in memory: each commit changes a few, most of them often the same ones. */
final class PageModel {

  static final int PAGE = 1024;
  private static final int HOT = 40;

  private final Random random;
  private byte[] bytes;
  private long checksum;

  PageModel(int pages, long seed) {
    this.random = new Random(seed);
    this.bytes = new byte[pages * PAGE];
    random.nextBytes(bytes);
    for (int page = 0; page < pages; page++) {
      checksum ^= hash(page);
    }
  }

  int pages() {
    return bytes.length / PAGE;
  }

  long checksum() {
    return checksum;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Changes three hot pages and one anywhere; returns which, counted from 0, ascending. */
  SortedSet<Integer> commit() {
    TreeSet<Integer> changed = new TreeSet<>();
    for (int i = 0; i < 3; i++) {
      changed.add(random.nextInt(Math.min(HOT, pages())));
    }
    changed.add(random.nextInt(pages()));
    for (int page : changed) {
      checksum ^= hash(page);
      // A little of each page, so that it compresses as pages do.
      for (int i = 0; i < 64; i++) {
        bytes[page * PAGE + random.nextInt(PAGE)] = (byte) random.nextInt();
      }
      checksum ^= hash(page);
    }
    return changed;
  }

  private long hash(int page) {
    return PageHash.of(page + 1, bytes, page * PAGE, PAGE);
  }
}
