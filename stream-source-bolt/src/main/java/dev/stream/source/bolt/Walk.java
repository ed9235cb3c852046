package dev.stream.source.bolt;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads every page that a transaction reaches, once: the list of free pages, the pages of the root
 * bucket and of all buckets in it. On the way it proves that each page is what it is taken for, is
 * reached once, and is not free. For one walk, by one thread.
 */
final class Walk {

  private static final int BUCKET = 0x01;
  private static final int BUCKET_HEADER = 16;

  private final FileBytes file;
  private final BoltMeta meta;
  private final PageSink sink;
  private final boolean ordered;
  private final BitSet known;
  private final BitSet met;
  private final BitSet reached;
  private final Deque<Target> ahead = new ArrayDeque<>();
  private final PageRun page;
  private BitSet free = new BitSet();

  /** A page that is to be visited. */
  private static final class Target {

    final long id;

    final @Nullable KeyRange range;

    Target(long id, @Nullable KeyRange range) {
      this.id = id;
      this.range = range;
    }
  }

  /**
   * @param sink takes the pages, the two metas excepted
   * @param ordered whether to prove that the keys are in order
   */
  Walk(FileBytes file, BoltMeta meta, PageSink sink, boolean ordered) {
    this(file, meta, sink, ordered, new BitSet());
  }

  /**
   * @param sink takes the pages, the two metas excepted
   * @param ordered whether to prove that the keys are in order
   * @param known pages at which to turn back, without reading them or what is below them
   */
  Walk(FileBytes file, BoltMeta meta, PageSink sink, boolean ordered, BitSet known) {
    this.file = file;
    this.meta = meta;
    this.sink = sink;
    this.ordered = ordered;
    this.known = known;
    this.met = new BitSet(known.size());
    this.reached = new BitSet(known.size());
    this.page = new PageRun(file, meta.pageSize());
  }

  /**
   * Goes through the database.
   *
   * @throws DamagedFileException if what is there is no sound database
   */
  void run() throws IOException {
    if (meta.highWaterMark() < 3 || meta.highWaterMark() >= Integer.MAX_VALUE) {
      throw new DamagedFileException(
          file.path() + " is said to have " + meta.highWaterMark() + " pages, which cannot be");
    }
    reached.set(0, 2);
    if (meta.hasFreelist() && !meets(meta.freelist())) {
      claim(meta.freelist());
      free = Freelist.read(page, meta.highWaterMark());
      page.forEachPart(sink);
    }
    visit(meta.root(), range(null, null));
    while (!ahead.isEmpty()) {
      Target target = ahead.pop();
      claim(target.id);
      switch (page.flags()) {
        case PageRun.BRANCH -> branch(target);
        case PageRun.LEAF -> leaf(target);
        default -> throw page.damaged("is in use, and of type " + page.flags());
      }
      page.forEachPart(sink);
    }
    requireNotFree(reached::get);
  }

  /** No page that is in use is listed as free. */
  void requireNotFree(IntPredicate used) throws DamagedFileException {
    for (int page = free.nextSetBit(0); page >= 0; page = free.nextSetBit(page + 1)) {
      if (used.test(page)) {
        throw new DamagedFileException(
            "page " + page + " of " + file.path() + " is in use and listed as free");
      }
    }
  }

  /** Most pages of a branch are known, where little is new. */
  private void visit(long id, @Nullable KeyRange range) throws DamagedFileException {
    if (!meets(id)) {
      ahead.push(new Target(id, range));
    }
  }

  private boolean meets(long id) throws DamagedFileException {
    if (id < 2 || id >= meta.highWaterMark() || !known.get((int) id)) {
      return false;
    }
    if (met.get((int) id)) {
      throw new DamagedFileException(
          "page " + id + " of " + file.path() + " is used in two places");
    }
    met.set((int) id);
    return true;
  }

  /** The known pages at which it turned back. */
  BitSet met() {
    return met;
  }

  /** The pages that it went through, the metas among them; counted from 0. */
  BitSet reached() {
    return reached;
  }

  private void claim(long id) throws IOException {
    if (id < 2 || id >= meta.highWaterMark()) {
      throw new DamagedFileException(
          file.path() + " refers to page " + Long.toUnsignedString(id) + ", which is not in it");
    }
    page.load(id, meta.highWaterMark() - id);
    int first = (int) id;
    int end = first + page.pages();
    int twice = reached.nextSetBit(first);
    if (twice >= 0 && twice < end) {
      throw new DamagedFileException(
          "page " + twice + " of " + file.path() + " is used in two places");
    }
    reached.set(first, end);
  }

  private void branch(Target target) throws IOException {
    KeyRange range = target.range;
    byte[] key = null;
    long child = 0;
    for (int i = 0; i < page.count(); i++) {
      int at = page.element(i);
      byte[] next = null;
      if (range != null) {
        next = page.copy(at + Integer.toUnsignedLong(page.intAt(at)), size(page.intAt(at + 4)));
        require(range.admits(key, next), i);
      }
      if (i > 0) {
        visit(child, range(key, next));
      }
      key = next;
      child = page.longAt(at + 8L);
    }
    if (page.count() > 0) {
      visit(child, range == null ? null : range.from(key));
    }
  }

  private void leaf(Target target) throws IOException {
    KeyRange range = target.range;
    byte[] former = null;
    for (int i = 0; i < page.count(); i++) {
      int at = page.element(i);
      long key = at + Integer.toUnsignedLong(page.intAt(at + 4));
      int keySize = size(page.intAt(at + 8));
      int valueSize = size(page.intAt(at + 12));
      page.require(key, (long) keySize + valueSize);
      boolean bucket = (page.intAt(at) & BUCKET) != 0;
      if (range != null) {
        byte[] next = page.copy(key, keySize);
        require(range.admits(former, next), i);
        former = next;
      }
      if (bucket) {
        bucket(key + keySize, valueSize);
      }
    }
  }

  private void require(boolean inOrder, int key) throws DamagedFileException {
    if (!inOrder) {
      throw page.damaged("has its key " + key + " out of order");
    }
  }

  private @Nullable KeyRange range(byte @Nullable [] least, byte @Nullable [] bound) {
    return ordered ? new KeyRange(least, bound) : null;
  }

  private void bucket(long at, int size) throws IOException {
    if (size < BUCKET_HEADER) {
      throw page.damaged("has a bucket of " + size + " bytes");
    }
    long root = page.longAt(at);
    if (root != 0) {
      visit(root, range(null, null));
      return;
    }
    InlineBucket.require(page, page.copy(at + BUCKET_HEADER, size - BUCKET_HEADER), ordered);
  }

  private int size(int stored) throws DamagedFileException {
    if (stored < 0) {
      throw page.damaged("has an entry of " + Integer.toUnsignedString(stored) + " bytes");
    }
    return stored;
  }
}
