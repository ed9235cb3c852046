package dev.stream.core.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockBatchTest {

  private static final long MIB = 1 << 20;

  @Test
  void aLittleIsAskedForInAsFewRequestsAsPays() {
    assertThat(BlockBatch.mostBytes(MIB, 8)).isEqualTo(2 * MIB);
    assertThat(BlockBatch.mostBytes(64 * MIB, 8)).isEqualTo(2 * MIB);
  }

  @Test
  void ofMuchEveryThreadHasAFewLongRequests() {
    assertThat(BlockBatch.mostBytes(512 * MIB, 8)).isEqualTo(16 * MIB);
    assertThat(BlockBatch.mostBytes(512 * MIB, 4)).isEqualTo(32 * MIB);
  }

  @Test
  void noRequestIsSoLongThatItsEndIsWaitedFor() {
    assertThat(BlockBatch.mostBytes(1L << 40, 1)).isEqualTo(32 * MIB);
  }
}
