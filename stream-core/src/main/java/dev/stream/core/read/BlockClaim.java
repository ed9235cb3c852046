package dev.stream.core.read;

import dev.stream.core.artefact.BlockEntry;
import dev.stream.core.artefact.PageRuns;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages of one block that are wanted.
 *
 * @param block the block
 * @param runs its wanted pages, as runs of neighbours both in id and in place
 */
public record BlockClaim(BlockEntry block, List<Run> runs) {

  /**
   * Neighbouring pages.
   *
   * @param firstId the first page
   * @param count how many
   * @param position how many pages of the block come before
   */
  public record Run(long firstId, int count, int position) {}

  /** Claims what is still to be had of each block. */
  public static List<BlockClaim> all(List<BlockEntry> blocks, PageClaims claims) {
    List<BlockClaim> all = new ArrayList<>(blocks.size());
    for (BlockEntry block : blocks) {
      all.add(of(block, claims));
    }
    return all;
  }

  /** The same, without the blocks of which nothing is wanted. */
  public static List<BlockClaim> wanted(List<BlockEntry> blocks, PageClaims claims) {
    List<BlockClaim> wanted = all(blocks, claims);
    wanted.removeIf(claim -> claim.runs().isEmpty());
    return wanted;
  }

  /** Claims what is still to be had of a block. */
  private static BlockClaim of(BlockEntry block, PageClaims claims) {
    List<Run> wanted = new ArrayList<>();
    PageRuns pages = block.pages();
    for (int run = 0; run < pages.runCount(); run++) {
      int length = pages.length(run);
      int from = 0;
      for (int i = 0; i <= length; i++) {
        if (i == length || !claims.claim(pages.firstId(run) + i)) {
          if (i > from) {
            wanted.add(new Run(pages.firstId(run) + from, i - from, pages.position(run) + from));
          }
          from = i + 1;
        }
      }
    }
    return new BlockClaim(block, wanted);
  }
}
