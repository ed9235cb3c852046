package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.replicate.Bench;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocks that several replicas are given are made once, and failures are nobody else's. */
@Timeout(60)
final class SharedBlocksTest {

  private static final int KEPT = 16;

  private final SharedBlocks blocks = new SharedBlocks();
  private final List<Integer> made = new ArrayList<>();

  private ByteBuffer block(int number) throws IOException {
    return blocks.block(
        number,
        () -> {
          made.add(number);
          return ByteBuffer.wrap(new byte[] {(byte) number});
        });
  }

  @Test
  void theLastOnesAreMadeOnceAndOlderOnesAnew() throws IOException {
    for (int i = 0; i < KEPT; i++) {
      assertThat(block(i).get()).isEqualTo((byte) i);
    }
    for (int i = 0; i < KEPT; i++) {
      assertThat(block(i).get()).isEqualTo((byte) i);
    }
    assertThat(made).hasSize(KEPT);
    block(KEPT); // for which the oldest goes
    assertThat(made).hasSize(KEPT + 1);
    assertThat(block(0).get()).isZero();
    assertThat(made).endsWith(KEPT, 0);
  }

  @Test
  void whatOneIsGivenTheOtherCannotChange() throws IOException {
    ByteBuffer first = block(7);
    assertThat(first.isReadOnly()).isTrue();
    first.get();
    assertThat(block(7).remaining()).as("each has a position of its own").isEqualTo(1);
  }

  @Test
  void anAttemptThatFailsIsNotRemembered() throws IOException {
    Callable<ByteBuffer> failing =
        () -> {
          throw new IOException("the image was let go of");
        };
    assertThatThrownBy(() -> blocks.block(3, failing)).hasMessage("the image was let go of");
    assertThat(block(3).get()).isEqualTo((byte) 3);
    assertThat(block(3).get()).isEqualTo((byte) 3);
    assertThat(made).containsExactly(3);
  }

  @Test
  void whoWaitsForAnotherThatFailsMakesItItself() throws Exception {
    CountDownLatch making = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    FutureTask<ByteBuffer> other =
        new FutureTask<>(
            () ->
                blocks.block(
                    5,
                    () -> {
                      making.countDown();
                      waiting.await();
                      throw new IOException("only the other's");
                    }));
    Thread thread = new Thread(other);
    thread.start();
    making.await();
    FutureTask<ByteBuffer> mine = new FutureTask<>(() -> block(5));
    Thread own = new Thread(mine);
    own.start();
    Bench.await("it waits", () -> own.getState() == Thread.State.WAITING);
    waiting.countDown();
    assertThat(mine.get().get()).isEqualTo((byte) 5);
    assertThatThrownBy(other::get).hasRootCauseMessage("only the other's");
    thread.join();
    own.join();
  }
}
