package dev.stream.core.artefact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Notes where a snapshot's blocks would lie instead of storing them. For one thread. */
public final class SnapshotLayoutBuilder implements ArtefactOutput {

  private byte[] head = new byte[0];
  private long[] ends;
  private long[] checksums;
  private int blocks;
  private long size;
  private byte @Nullable [] tail;

  /**
   * A layout of a snapshot.
   *
   * @param header its header, which says how many pages it will have
   */
  public SnapshotLayoutBuilder(ArtefactHeader header) {
    long perBlock = ArtefactFormat.TARGET_BLOCK_LENGTH / header.pageSize();
    int expected = Math.toIntExact((header.highWaterMark() + perBlock - 1) / perBlock);
    this.ends = new long[expected];
    this.checksums = new long[expected];
  }

  @Override
  public void head(byte[] bytes) {
    head = bytes;
    size = bytes.length;
  }

  @Override
  public void block(byte[] stored, int length, long checksum) {
    size += length;
    ends[blocks] = size;
    checksums[blocks] = checksum;
    blocks++;
  }

  @Override
  public void end(byte[] index, byte[] footer) {
    byte[] both = Arrays.copyOf(index, index.length + footer.length);
    System.arraycopy(footer, 0, both, index.length, footer.length);
    tail = both;
  }

  @Override
  public void discard() {
    ends = new long[0];
    checksums = new long[0];
  }

  /**
   * The layout.
   *
   * @param written what the writer told when it had finished
   */
  public SnapshotLayout layout(ArtefactSummary written) {
    byte[] end = tail;
    if (end == null || blocks != ends.length) {
      throw new IllegalStateException("the snapshot was not written to its end");
    }
    return new SnapshotLayout(written.header(), head, ends, checksums, end);
  }

  @Override
  public String toString() {
    return "the layout of a snapshot";
  }
}
