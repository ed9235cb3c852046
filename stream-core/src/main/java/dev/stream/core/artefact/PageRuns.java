package dev.stream.core.artefact;

import java.util.Arrays;
import java.util.Objects;

/** The ascending page ids of one block, as runs of neighbours. Immutable. */
public final class PageRuns {

  private final long[] firstIds;

  /** For each run, the number of pages before it; then the number of all. */
  private final int[] before;

  PageRuns(long[] firstIds, int[] before) {
    this.firstIds = firstIds;
    this.before = before;
  }

  /** Number of pages. */
  public int pageCount() {
    return before[firstIds.length];
  }

  /** Number of runs, at least 1. */
  public int runCount() {
    return firstIds.length;
  }

  /** First page of a run, counted from 0. */
  public long firstId(int run) {
    return firstIds[run];
  }

  /** Number of pages in a run, counted from 0. */
  public int length(int run) {
    return before[run + 1] - before[run];
  }

  /** Where a run begins among the block's pages: {@code n} means after {@code n} pages. */
  public int position(int run) {
    Objects.checkIndex(run, firstIds.length);
    return before[run];
  }

  /** The smallest page id. */
  public long firstId() {
    return firstIds[0];
  }

  /** The greatest page id. */
  public long lastId() {
    int last = firstIds.length - 1;
    return firstIds[last] + length(last) - 1;
  }

  /** The id of the page at a position, from 0 to {@link #pageCount} - 1. */
  public long idAt(int position) {
    Objects.checkIndex(position, pageCount());
    int found = Arrays.binarySearch(before, position);
    int run = found >= 0 ? found : -found - 2;
    return firstIds[run] + position - before[run];
  }

  @Override
  public String toString() {
    return firstId() == lastId() ? "page " + firstId() : "pages " + firstId() + " to " + lastId();
  }

  /** Collects ascending runs; neighbours become one. */
  static final class Builder {

    private long[] firstIds;
    private int[] before;
    private int runs;
    private int pages;
    private long lastId;

    Builder(int runs) {
      firstIds = new long[runs];
      before = new int[runs + 1];
    }

    void add(long firstId, int length) {
      if (runs == 0 || firstId != lastId + 1) {
        if (runs == firstIds.length) {
          firstIds = Arrays.copyOf(firstIds, runs * 2 + 1);
          before = Arrays.copyOf(before, runs * 2 + 2);
        }
        firstIds[runs] = firstId;
        runs++;
      }
      pages += length;
      before[runs] = pages;
      lastId = firstId + length - 1;
    }

    PageRuns build() {
      return new PageRuns(Arrays.copyOf(firstIds, runs), Arrays.copyOf(before, runs + 1));
    }
  }
}
