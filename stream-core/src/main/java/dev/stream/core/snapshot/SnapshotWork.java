package dev.stream.core.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What is done next.
 *
 * @param base the image of a generation's first snapshot; null for one of the newest commit
 * @param nanos how long to wait
 */
record SnapshotWork(Kind kind, @Nullable BaseImage base, long nanos) {

  enum Kind {
    SNAPSHOT,
    SCAN,
    WAIT,
    END
  }

  static final SnapshotWork SCAN = new SnapshotWork(Kind.SCAN, null, 0);
  static final SnapshotWork END = new SnapshotWork(Kind.END, null, 0);

  static SnapshotWork snapshot(@Nullable BaseImage base) {
    return new SnapshotWork(Kind.SNAPSHOT, base, 0);
  }

  static SnapshotWork waiting(long nanos) {
    return new SnapshotWork(Kind.WAIT, null, nanos);
  }
}
