package dev.stream.core.read;

import java.util.ArrayList;
import java.util.List;

/**
 * Blocks that lie close enough together to be fetched in one request.
 *
 * @param blocks ascending by offset, at least one
 */
public record BlockBatch(List<BlockClaim> blocks) {

  /** The most that one request fetches. */
  public static final int MAX_BYTES = 2 * 1024 * 1024;

  /** Rather fetched and thrown away than asked around. */
  private static final int TOLERATED_GAP = 64 * 1024;

  static List<BlockBatch> of(List<BlockClaim> blocks) {
    List<BlockBatch> batches = new ArrayList<>();
    List<BlockClaim> current = new ArrayList<>();
    for (BlockClaim block : blocks) {
      if (!current.isEmpty() && !fits(current, block)) {
        batches.add(new BlockBatch(List.copyOf(current)));
        current.clear();
      }
      current.add(block);
    }
    if (!current.isEmpty()) {
      batches.add(new BlockBatch(List.copyOf(current)));
    }
    return batches;
  }

  private static boolean fits(List<BlockClaim> batch, BlockClaim next) {
    long start = batch.get(0).block().offset();
    long end = end(batch.get(batch.size() - 1));
    return next.block().offset() - end <= TOLERATED_GAP && end(next) - start <= MAX_BYTES;
  }

  private static long end(BlockClaim claim) {
    return claim.block().offset() + claim.block().storedLength();
  }

  long offset() {
    return blocks.get(0).block().offset();
  }

  int length() {
    return Math.toIntExact(end(blocks.get(blocks.size() - 1)) - offset());
  }

  long storedBytes() {
    return blocks.stream().mapToLong(claim -> claim.block().storedLength()).sum();
  }

  int maxRawLength() {
    return blocks.stream().mapToInt(claim -> claim.block().rawLength()).max().orElse(0);
  }
}
