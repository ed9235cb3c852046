package dev.stream.core.compact;

import dev.stream.core.artefact.ArtefactReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The pages of neighbouring segments as those of one: of each the last version, nothing above the
 * last high-water mark.
 *
 * <p>A page that lay above the mark after some part was cut off there. If it is below the last mark
 * and no later part has it, it came back as zeros, and is said to be zeros: it may have existed
 * before the first part, and would keep what it was then. Whether it did, the parts do not tell; if
 * not, saying so changes nothing.
 */
final class MergedPages {

  /** Takes the merged pages. */
  @FunctionalInterface
  interface Sink {
    /** Takes one page; zeros if there is no part that has it. */
    void page(long id, @Nullable PartCursor newest) throws IOException;
  }

  private static final Comparator<PartCursor> BY_PAGE_THEN_NEWEST =
      Comparator.comparingLong(PartCursor::id)
          .thenComparing(Comparator.comparingInt(PartCursor::age).reversed());

  private final List<ArtefactReader> parts;
  private final long mark;

  /** For each part, the least mark after a later one. */
  private final long[] leastAfter;

  private final long leastMark;

  MergedPages(List<ArtefactReader> parts) {
    this.parts = parts;
    this.mark = parts.get(parts.size() - 1).header().highWaterMark();
    this.leastAfter = new long[parts.size()];
    long least = Long.MAX_VALUE;
    for (int i = parts.size() - 1; i >= 0; i--) {
      leastAfter[i] = least;
      least = Math.min(least, parts.get(i).header().highWaterMark());
    }
    this.leastMark = least;
  }

  /** Hands over all pages, ascending. May be repeated. */
  void forEach(Sink sink) throws IOException {
    PriorityQueue<PartCursor> queue =
        new PriorityQueue<>(Math.max(1, parts.size()), BY_PAGE_THEN_NEWEST);
    for (int i = 0; i < parts.size(); i++) {
      queue.add(new PartCursor(parts.get(i), i));
    }
    long nextZero = leastMark + 1;
    List<PartCursor> same = new ArrayList<>();
    PartCursor newest;
    while ((newest = queue.poll()) != null && newest.id() <= mark) {
      long id = newest.id();
      for (; nextZero < id; nextZero++) {
        sink.page(nextZero, null);
      }
      nextZero = Math.max(nextZero, id + 1);
      sink.page(id, id <= leastAfter[newest.age()] ? newest : null);
      same.add(newest);
      PartCursor older;
      while ((older = queue.peek()) != null && older.id() == id) {
        same.add(queue.remove());
      }
      for (PartCursor cursor : same) {
        cursor.advance();
        queue.add(cursor);
      }
      same.clear();
    }
    for (; nextZero <= mark; nextZero++) {
      sink.page(nextZero, null);
    }
  }
}
