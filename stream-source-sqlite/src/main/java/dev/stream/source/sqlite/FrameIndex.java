package dev.stream.source.sqlite;

import java.util.Arrays;

/**
 * The newest frame of each page in the log: an open-addressing table of ints. Page ids and frame
 * numbers are unsigned and never 0.
 */
final class FrameIndex {

  private int[] pages;
  private int[] frames;
  private int size;

  FrameIndex() {
    pages = new int[1024];
    frames = new int[1024];
  }

  private FrameIndex(FrameIndex other) {
    pages = other.pages.clone();
    frames = other.frames.clone();
    size = other.size;
  }

  FrameIndex copy() {
    return new FrameIndex(this);
  }

  /** The newest frame of a page, or 0. */
  long get(long page) {
    int slot = slot(pages, (int) page);
    return pages[slot] == 0 ? 0 : Integer.toUnsignedLong(frames[slot]);
  }

  void put(long page, long frame) {
    int slot = slot(pages, (int) page);
    if (pages[slot] == 0) {
      if (size >= pages.length / 2) {
        grow();
        slot = slot(pages, (int) page);
      }
      pages[slot] = (int) page;
      size++;
    }
    frames[slot] = (int) frame;
  }

  void clear() {
    if (size > 0) {
      Arrays.fill(pages, 0);
      size = 0;
    }
  }

  private void grow() {
    int[] oldPages = pages;
    int[] oldFrames = frames;
    pages = new int[oldPages.length * 2];
    frames = new int[oldPages.length * 2];
    for (int i = 0; i < oldPages.length; i++) {
      if (oldPages[i] != 0) {
        int slot = slot(pages, oldPages[i]);
        pages[slot] = oldPages[i];
        frames[slot] = oldFrames[i];
      }
    }
  }

  private static int slot(int[] table, int page) {
    int mask = table.length - 1;
    int slot = (page * 0x9E3779B9) >>> 7 & mask;
    while (table[slot] != 0 && table[slot] != page) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
