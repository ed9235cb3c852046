package dev.stream.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WritebackTest {

  private final AtomicInteger forced = new AtomicInteger();

  @Test
  void aSmallFileIsLeftToItsEnd() throws IOException {
    Writeback writeback = new Writeback(forced::incrementAndGet, "small", false);
    writeback.wrote(Writeback.STEP - 1);
    writeback.await();
    assertThat(forced.get()).isZero();
  }

  @Test
  void aLargeOneGoesToTheDiskWhileItIsWritten() throws Exception {
    Semaphore steps = new Semaphore(0);
    Writeback writeback =
        new Writeback(
            () -> {
              forced.incrementAndGet();
              steps.release();
            },
            "large",
            false);
    writeback.wrote(Writeback.STEP);
    steps.acquire();
    writeback.wrote(Writeback.STEP - 1);
    writeback.wrote(1);
    steps.acquire();
    writeback.wrote(1);
    writeback.await();
    assertThat(forced.get()).as("the rest, too").isEqualTo(3);
  }

  @Test
  void writingDoesNotWaitForTheDisk() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    Writeback writeback =
        new Writeback(
            () -> {
              forced.incrementAndGet();
              awaitQuietly(disk);
            },
            "slow",
            false);
    for (int i = 0; i < 10; i++) {
      writeback.wrote(Writeback.STEP);
    }
    writeback.rest();
    disk.countDown();
    writeback.await();
    assertThat(forced.get()).isBetween(1, 2);
  }

  @Test
  void onASharedDiskWritingWaitsForIt() throws Exception {
    Semaphore disk = new Semaphore(0);
    AtomicLong written = new AtomicLong();
    List<Long> ahead = new CopyOnWriteArrayList<>();
    Writeback writeback =
        new Writeback(
            () -> {
              long begun = written.get();
              disk.acquireUninterruptibly();
              ahead.add(written.get() - begun);
            },
            "shared",
            true);
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < 40; i++) {
                written.addAndGet(Writeback.SHARED_STEP / 4);
                writeback.wrote(Writeback.SHARED_STEP / 4);
              }
              writeback.rest();
            });
    writer.start();
    disk.release(20);
    writer.join();
    writeback.await();
    assertThat(ahead).hasSizeBetween(5, 10);
    assertThat(ahead).allMatch(bytes -> bytes <= Writeback.SHARED_STEP);
  }

  @Test
  void aSharedDiskThatFailsHoldsNobodyUp() {
    Writeback writeback =
        new Writeback(
            () -> {
              throw new IOException("the disk is full");
            },
            "shared",
            true);
    for (int i = 0; i < 10; i++) {
      writeback.wrote(Writeback.SHARED_STEP);
    }
    assertThatThrownBy(writeback::await).hasMessage("the disk is full");
  }

  @Test
  void whatFailsIsToldAtTheEnd() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    Writeback writeback =
        new Writeback(
            () -> {
              failed.countDown();
              throw new IOException("the disk is full");
            },
            "full",
            false);
    writeback.wrote(Writeback.STEP);
    failed.await();
    writeback.wrote(Writeback.STEP);
    assertThatThrownBy(writeback::await).hasMessage("the disk is full");
    assertThatThrownBy(writeback::await).as("again").hasMessage("the disk is full");
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() {
    CountDownLatch disk = new CountDownLatch(1);
    Writeback writeback = new Writeback(() -> awaitQuietly(disk), "stuck", false);
    writeback.wrote(Writeback.STEP);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(writeback::await).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      boolean unused = Thread.interrupted();
      disk.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
