package dev.stream.core.shadow;

import java.util.Arrays;

/** A growable array of longs: eight bytes an element, where a boxed list needs thirty. */
final class LongList {

  private long[] elements = new long[16];
  private int size;

  int size() {
    return size;
  }

  long get(int index) {
    return elements[index];
  }

  void add(long element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, size + (size >> 1));
    }
    elements[size++] = element;
  }

  /** Forgets the elements from {@code newSize} on. */
  void cutTo(int newSize) {
    size = newSize;
  }
}
