package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.schmizz.sshj.connection.channel.OpenFailException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How operations share channels, which take their time to be opened. */
@Timeout(60)
final class ChannelPoolTest {

  private final AtomicInteger opened = new AtomicInteger();

  @Test
  void allChannelsForALargeTransferAreOpenedAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(4);
    ChannelPool<Integer> pool = new ChannelPool<>(4, () -> openWithOthers(together));
    try (ChannelPool<Integer>.Lease lease = pool.all()) {
      assertThat(lease.channels()).containsExactlyInAnyOrder(1, 2, 3, 4);
    }
  }

  @Test
  void readersAtTheSameTimeOpenAChannelEachAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    ChannelPool<Integer> pool = new ChannelPool<>(3, () -> openWithOthers(together));
    ExecutorService readers = Executors.newFixedThreadPool(3);
    try {
      Callable<Integer> reader = () -> pool.one().channel();
      List<Future<Integer>> used = readers.invokeAll(List.of(reader, reader, reader));
      assertThat(List.of(used.get(0).get(), used.get(1).get(), used.get(2).get()))
          .containsExactlyInAnyOrder(1, 2, 3);
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void theLeastUsedIsSharedWhereThereAreNoMore() throws IOException {
    ChannelPool<Integer> pool = new ChannelPool<>(2, opened::incrementAndGet);
    ChannelPool<Integer>.Lease first = pool.one();
    ChannelPool<Integer>.Lease second = pool.one();
    assertThat(List.of(first.channel(), second.channel())).containsExactly(1, 2);
    assertThat(pool.one().channel()).isEqualTo(1);
    second.close();
    second.close(); // counts once
    assertThat(pool.one().channel()).isEqualTo(2);
    assertThat(opened).hasValue(2);
  }

  @Test
  void whatTheServerRefusesIsDoneWithout() throws IOException {
    ChannelPool<Integer> pool = new ChannelPool<>(8, () -> openUpTo(3));
    try (ChannelPool<Integer>.Lease lease = pool.all()) {
      assertThat(lease.channels()).containsExactlyInAnyOrder(1, 2, 3);
      assertThat(pool.one().channel()).isBetween(1, 3);
    }
  }

  @Test
  void aServerThatRefusesEvenOneIsAFailureThatCanPass() throws IOException {
    AtomicInteger allowed = new AtomicInteger();
    ChannelPool<Integer> pool = new ChannelPool<>(4, () -> openUpTo(allowed.get()));
    assertThatThrownBy(pool::one).isInstanceOf(OpenFailException.class);
    assertThatThrownBy(pool::all).isInstanceOf(OpenFailException.class);
    allowed.set(opened.get() + 1);
    assertThat(pool.one().channel()).isEqualTo(allowed.get());
  }

  @Test
  void aBrokenConnectionFailsWhoeverWaitsForAChannel() {
    ChannelPool<Integer> pool =
        new ChannelPool<>(
            4,
            () -> {
              throw new IOException("the connection is broken");
            });
    assertThatThrownBy(pool::all).hasMessage("the connection is broken");
    assertThatThrownBy(pool::one).hasMessage("the connection is broken");
  }

  @Test
  void channelsInWhichTheServerIsBusyAreUsedOnlyWhereThereAreNoOthers() throws IOException {
    ChannelPool<Integer> pool = new ChannelPool<>(2, () -> openUpTo(3));
    try (ChannelPool<Integer>.Lease stuck = pool.all()) {
      stuck.avoid();
    }
    assertThat(pool.one().channel()).isEqualTo(3);
    try (ChannelPool<Integer>.Lease free = pool.all()) {
      assertThat(free.channels()).containsExactly(3);
      free.avoid();
    }
    assertThat(pool.all().channels()).containsExactlyInAnyOrder(1, 2, 3);
  }

  private Integer openWithOthers(CyclicBarrier together) throws IOException {
    try {
      together.await(30, TimeUnit.SECONDS); // fails where they are opened one after the other
      return opened.incrementAndGet();
    } catch (Exception e) {
      throw new IOException("nobody else opens a channel", e);
    }
  }

  private Integer openUpTo(int allowed) throws OpenFailException {
    int number = opened.incrementAndGet();
    if (number > allowed) {
      throw new OpenFailException(
          "session", OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED, "too many");
    }
    return number;
  }
}
