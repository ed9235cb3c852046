package dev.stream.source.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.testkit.TestRun;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random writes and truncations of a channel, also such as H2 does not make: at any offset, of any
 * length, with gaps.
 */
@Timeout(120)
final class StreamChannelTest {

  private static final int LARGEST = 40 * Pages.SIZE;

  private final Random random = TestRun.random("channel");
  private byte[] model = new byte[0];

  @TempDir Path folder;

  private static FileChannel open(Path file) throws IOException {
    H2Stream.install();
    FileChannel channel = FilePath.get("stream:" + file).open("rw");
    assertThat(channel.tryLock(0, Long.MAX_VALUE, false)).isNotNull();
    return channel;
  }

  private static H2Database capture(Path file, Forgetful observer) throws IOException {
    H2Database database = new H2Database(StoreFiles.use(file), new AtomicLong());
    database.start(null, observer);
    return database;
  }

  private void change(FileChannel channel) throws IOException {
    if (random.nextInt(8) == 0) {
      long size = random.nextInt(2) == 0 ? random.nextInt(LARGEST) : random.nextInt(40) * 4096L;
      channel.truncate(size);
      model = size < model.length ? Arrays.copyOf(model, (int) size) : model;
      return;
    }
    boolean aligned = random.nextInt(3) > 0;
    int offset = aligned ? random.nextInt(30) * Pages.SIZE : random.nextInt(LARGEST);
    int length = aligned ? (1 + random.nextInt(8)) * Pages.SIZE : random.nextInt(20_000);
    byte[] bytes = new byte[length + 7];
    random.nextBytes(bytes);
    ByteBuffer source = ByteBuffer.wrap(bytes, 7, length);
    assertThat(channel.write(random.nextBoolean() ? source : direct(source), offset))
        .isEqualTo(length);
    if (length > 0) {
      model = Arrays.copyOf(model, Math.max(model.length, offset + length));
      System.arraycopy(bytes, 7, model, offset, length);
    }
  }

  private static ByteBuffer direct(ByteBuffer source) {
    return ByteBuffer.allocateDirect(source.remaining()).put(source.duplicate()).flip();
  }

  /** The file as pages: the last one padded with zeros. */
  private byte[] pages() {
    return Arrays.copyOf(model, (int) Pages.count(model.length) * Pages.SIZE);
  }

  @Test
  void everyChangeIsReplayed() throws IOException {
    Path file = folder.resolve("a.mv");
    Forgetful observer = new Forgetful(random);
    try (FileChannel channel = open(file);
        H2Database database = capture(file, observer)) {
      for (int i = 0; i < TestRun.rounds(500, 20_000); i++) {
        change(channel);
        assertThat(observer.replay().bytes()).as("after change %s", i).isEqualTo(pages());
      }
      assertThat(observer.replay().bases()).hasSize(1);
      assertThat(Files.readAllBytes(file)).isEqualTo(model);
      assertThat(database.info().path()).isEqualTo(file.toRealPath());
    }
  }

  @Test
  void whatAnObserverFailsAtIsHandedOverLater() throws IOException {
    Path file = folder.resolve("b.mv");
    List<Forgetful> observers = new ArrayList<>();
    List<H2Database> databases = new ArrayList<>();
    try (FileChannel channel = open(file)) {
      for (int i = 0; i < 3; i++) {
        observers.add(new Forgetful(random));
        databases.add(capture(file, observers.get(i)));
      }
      for (int round = 0; round < TestRun.rounds(60, 2_000); round++) {
        int oneIn = 1 + random.nextInt(6);
        observers.get(0).failOneIn(oneIn);
        observers.get(1).failOneIn(random.nextInt(3));
        for (int i = random.nextInt(30); i >= 0; i--) {
          change(channel);
        }
        for (int i = 0; i < 3; i++) {
          observers.get(i).failOneIn(0);
          databases.get(i).sync();
          assertThat(observers.get(i).replay().bytes())
              .as("observer %s, round %s", i, round)
              .isEqualTo(pages());
        }
      }
      assertThat(observers.get(0).failures()).isPositive();
      assertThat(observers.get(0).replay().bases().size()).isGreaterThan(1);
      assertThat(observers.get(2).replay().bases()).as("the one that never failed").hasSize(1);
      assertThat(observers.get(0).replay().messages()).contains("recovered");
      assertThat(Files.readAllBytes(file)).isEqualTo(model);
      for (H2Database database : databases) {
        database.close();
      }
    }
  }

  @Test
  void imagesStayAsTheyAre() throws IOException {
    Path file = folder.resolve("c.mv");
    Forgetful observer = new Forgetful(random);
    ReplayedDatabase replay = observer.replay();
    List<DatabaseImage> images = new ArrayList<>();
    try (FileChannel channel = open(file);
        H2Database database = capture(file, observer)) {
      for (int i = 0; i < TestRun.rounds(400, 10_000); i++) {
        change(channel);
        switch (random.nextInt(6)) {
          case 0 -> images.add(database.snapshot());
          case 1 -> {
            if (!images.isEmpty()) {
              replay.assertMatches(images.remove(random.nextInt(images.size())));
            }
          }
          default -> {}
        }
      }
    }
    for (DatabaseImage image : images) { // also after the store was closed
      replay.assertMatches(image);
    }
  }

  @Test
  void anImageIsLostWhenTheStoreIsOpenedAgain() throws IOException {
    Path file = folder.resolve("d.mv");
    Forgetful observer = new Forgetful(random);
    FileChannel first = open(file);
    change(first);
    first.write(ByteBuffer.wrap(new byte[] {1}), 0);
    H2Database database = capture(file, observer);
    DatabaseImage image = database.snapshot();
    first.close();
    image.read(1, 1, ByteBuffer.allocate(Pages.SIZE));
    try (FileChannel second = open(file)) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> image.read(1, 1, ByteBuffer.allocate(Pages.SIZE)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("opened again");
      image.close();
      second.write(ByteBuffer.wrap(new byte[] {2}), 0);
      assertThat(observer.replay().bases()).hasSize(2);
      assertThat(observer.replay().bytes()).startsWith(2);
      database.close();
    }
  }

  @Test
  void anImageIsReadAndClosedWhileACommitWaitsForItsObserver() throws Exception {
    Path file = folder.resolve("e.mv");
    CountDownLatch commitWaits = new CountDownLatch(1);
    CountDownLatch imageClosed = new CountDownLatch(1);
    ReplayedDatabase replay = ReplayedDatabase.inMemory();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (FileChannel channel = open(file);
        H2Database database = new H2Database(StoreFiles.use(file), new AtomicLong())) {
      channel.write(ByteBuffer.allocate(Pages.SIZE), 0);
      database.start(null, new Waiting(replay, commitWaits, imageClosed));
      DatabaseImage image = database.snapshot();
      Future<Integer> commit =
          executor.submit(() -> channel.write(ByteBuffer.wrap(new byte[] {1}), 0));
      commitWaits.await();
      image.read(1, 1, ByteBuffer.allocate(Pages.SIZE));
      image.close();
      imageClosed.countDown();
      assertThat(commit.get()).isEqualTo(1);
      assertThat(replay.bytes()).startsWith(1);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Takes a flush only when told so, as one does that waits for a lock. */
  private static final class Waiting implements PageFlushObserver {
    private final ReplayedDatabase replay;
    private final CountDownLatch waits;
    private final CountDownLatch until;

    Waiting(ReplayedDatabase replay, CountDownLatch waits, CountDownLatch until) {
      this.replay = replay;
      this.waits = waits;
      this.until = until;
    }

    @Override
    public void onPageFlush(PageFlush flush) throws IOException {
      waits.countDown();
      try {
        until.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      replay.onPageFlush(flush);
    }

    @Override
    public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
      replay.onBase(image, continuity);
    }

    @Override
    public void onNotice(String message) {}

    @Override
    public void onTrouble(String message) {}

    @Override
    public void onRecovered() {}
  }
}
