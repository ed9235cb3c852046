package dev.stream.core.follow;

import dev.stream.api.database.FollowedCopy;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.read.PageChanges;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Holds a copy to the database checksum of the state that it is said to be in. */
final class CopyProof {

  private static final int RUN_BYTES = 1 << 20;

  private CopyProof() {}

  /** Whether the whole copy is in the state. */
  static boolean holds(FollowedCopy copy, CopyPosition at) throws IOException {
    return sum(copy, at.pageSize(), 1, at.highWaterMark()) == at.checksum();
  }

  /**
   * Whether the changes, made to the copy, yield what they promise: a look at the pages they touch
   * is enough, since the checksum of all is known.
   */
  static boolean holds(FollowedCopy copy, CopyPosition at, PageChanges changes) throws IOException {
    int pageSize = at.pageSize();
    long[] sum = {at.checksum()};
    changes
        .frames()
        .forEach(
            frame -> {
              sum[0] ^= sum(frame.data(), frame.id(), pageSize);
              long last = Math.min(frame.lastId(), at.highWaterMark());
              sum[0] ^= sum(copy, pageSize, frame.id(), last);
            });
    sum[0] ^= sum(copy, pageSize, changes.after().highWaterMark() + 1, at.highWaterMark());
    return sum[0] == changes.after().checksum();
  }

  private static long sum(FollowedCopy copy, int pageSize, long first, long last)
      throws IOException {
    long sum = 0;
    int most = RUN_BYTES / pageSize;
    for (long id = first; id <= last; id += most) {
      int count = (int) Math.min(most, last - id + 1);
      ByteBuffer pages = ByteBuffer.allocate(count * pageSize);
      copy.read(pageSize, id, count, pages);
      sum ^= sum(pages.flip(), id, pageSize);
    }
    return sum;
  }

  private static long sum(ByteBuffer pages, long first, int pageSize) {
    long sum = 0;
    ByteBuffer page = pages.duplicate();
    int start = pages.position();
    for (int i = 0; start + (i + 1) * pageSize <= pages.limit(); i++) {
      page.limit(start + (i + 1) * pageSize).position(start + i * pageSize);
      sum ^= PageHash.of(first + i, page);
    }
    return sum;
  }
}
