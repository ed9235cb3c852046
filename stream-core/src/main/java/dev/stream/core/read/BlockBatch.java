package dev.stream.core.read;

import java.util.ArrayList;
import java.util.List;

/**
 * Blocks that lie close enough together to be fetched in one request.
 *
 * @param blocks ascending by offset, at least one
 */
public record BlockBatch(List<BlockClaim> blocks) {

  /** What it takes to ask for something over a long way is little beside this. */
  private static final long LARGEST = 32L << 20;

  /** Not smaller, so that a request is worth its round trip. */
  private static final long SMALLEST = 2L << 20;

  /** So many requests for each thread, for none to have much to do when the others are done. */
  private static final int SHARES = 4;

  /** Rather fetched and thrown away than asked around. */
  private static final int TOLERATED_GAP = 64 * 1024;

  /**
   * The most that one request should fetch. It is read as it comes, so that memory does not bound
   * it.
   *
   * @param bytes how many are to be fetched in all
   * @param parallelism by how many threads
   */
  public static long mostBytes(long bytes, int parallelism) {
    return Math.max(SMALLEST, Math.min(LARGEST, bytes / ((long) SHARES * parallelism)));
  }

  /**
   * Puts blocks together.
   *
   * @param blocks ascending by offset
   * @param mostBytes no batch of several spans more
   */
  static List<BlockBatch> of(List<BlockClaim> blocks, long mostBytes) {
    List<BlockBatch> batches = new ArrayList<>();
    List<BlockClaim> current = new ArrayList<>();
    for (BlockClaim block : blocks) {
      if (!current.isEmpty() && !fits(current, block, mostBytes)) {
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

  private static boolean fits(List<BlockClaim> batch, BlockClaim next, long mostBytes) {
    long start = batch.get(0).block().offset();
    long end = end(batch.get(batch.size() - 1));
    return next.block().offset() - end <= TOLERATED_GAP && end(next) - start <= mostBytes;
  }

  private static long end(BlockClaim claim) {
    return claim.block().offset() + claim.block().storedLength();
  }

  long offset() {
    return blocks.get(0).block().offset();
  }

  long length() {
    return end(blocks.get(blocks.size() - 1)) - offset();
  }

  long storedBytes() {
    return storedBytes(blocks);
  }

  static long storedBytes(List<BlockClaim> blocks) {
    return blocks.stream().mapToLong(claim -> claim.block().storedLength()).sum();
  }

  /** Of the longest of the blocks as they are stored, and of the longest gap between two. */
  int maxStoredLength() {
    return Math.max(
        TOLERATED_GAP,
        blocks.stream().mapToInt(claim -> claim.block().storedLength()).max().orElse(0));
  }

  int maxRawLength() {
    return blocks.stream().mapToInt(claim -> claim.block().rawLength()).max().orElse(0);
  }
}
