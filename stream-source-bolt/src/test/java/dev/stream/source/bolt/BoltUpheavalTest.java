package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no commit does to a file: each is noticed, and never captured as if one had. */
final class BoltUpheavalTest {

  private static final long PATIENCE_MILLIS = 60_000;

  @TempDir Path folder;

  private final ReplayedDatabase replay = ReplayedDatabase.inMemory();

  @SuppressWarnings("NullAway.Init")
  private Path file;

  @SuppressWarnings("NullAway.Init")
  private PagedDatabase capture;

  @BeforeEach
  void start() throws IOException {
    file = Fixture.written(folder);
    capture = new BoltDatabaseProvider().open(new BoltConfig(file));
    capture.start(null, replay);
  }

  @AfterEach
  void close() throws IOException {
    capture.close();
  }

  private void assertBases(String... reasons) {
    assertThat(replay.bases().subList(1, replay.bases().size()))
        .extracting(base -> base.reason())
        .containsExactly(reasons);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (!condition.getAsBoolean()) {
      assertThat(System.currentTimeMillis()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  @Test
  void aCommitIsAFlush() throws Exception {
    long before = replay.txId();
    BoltMeta meta = Fixture.meta(file);
    Fixture.commit(file, Fixture.numbered(meta, meta.txId() + 3));
    capture.sync();
    assertThat(replay.txId()).isEqualTo(before + 3);
    assertThat(replay.flushes()).isEqualTo(1);
    assertBases();
    assertThat(replay.bytes()).isNotEqualTo(Fixture.bytes("canonical"));
  }

  @Test
  void aCommitThatMayBePutOffIsReadWhenSomebodyAsks() throws Exception {
    ReplayedDatabase patient = ReplayedDatabase.inMemory().allowing(Duration.ofHours(1));
    CountDownLatch looksAfterwards = new CountDownLatch(3);
    AtomicBoolean committed = new AtomicBoolean();
    long before = 1; // the base
    try (PagedDatabase other = new BoltDatabaseProvider().open(new BoltConfig(file))) {
      other.start(
          null,
          observing(
              patient,
              call -> {
                if (call.equals("onPutOff") && committed.get()) {
                  looksAfterwards.countDown();
                }
              }));
      assertThat(patient.txId()).isEqualTo(before);
      BoltMeta meta = Fixture.meta(file);
      committed.set(true);
      Fixture.commit(file, Fixture.numbered(meta, meta.txId() + 3));
      assertThat(looksAfterwards.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
      assertThat(patient.txId()).isEqualTo(before);
      other.sync();
      assertThat(patient.txId()).isEqualTo(before + 3);

      Fixture.commit(file, Fixture.numbered(meta, meta.txId() + 4));
      other.snapshot().close();
      assertThat(patient.txId()).isEqualTo(before + 4);

      Fixture.commit(file, Fixture.numbered(meta, meta.txId() + 5));
    }
    assertThat(patient.txId()).isEqualTo(before + 5);
  }

  /** The same observer, of whose calls the names are told. */
  private static PageFlushObserver observing(PageFlushObserver observer, Consumer<String> calls) {
    return (PageFlushObserver)
        Proxy.newProxyInstance(
            BoltUpheavalTest.class.getClassLoader(),
            new Class<?>[] {PageFlushObserver.class},
            (proxy, method, arguments) -> {
              calls.accept(method.getName());
              try {
                return method.invoke(observer, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  @Test
  void anotherFile() throws Exception {
    Path other = Files.write(folder.resolve("other.db"), Fixture.bytes("written"));
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    capture.sync();
    assertBases("the database file was replaced by another one");
    assertThat(replay.bytes()).isEqualTo(Fixture.bytes("canonical"));
  }

  @Test
  void anOlderStateInTheSameFile() throws Exception {
    BoltMeta meta = Fixture.meta(file);
    Fixture.commit(file, Fixture.numbered(meta, meta.txId() - 3));
    Fixture.commit(file, Fixture.numbered(meta, meta.txId() - 2));
    capture.sync();
    assertBases(
        "the transaction number went back from " + meta.txId() + " to " + (meta.txId() - 2));
  }

  @Test
  void aMetaThatIsBeingWrittenIsNone() throws Exception {
    BoltMeta meta = Fixture.meta(file);
    byte[] torn = new byte[40];
    Fixture.patch(file, (long) meta.slot() * Fixture.PAGE, java.nio.ByteBuffer.wrap(torn));
    long until = System.nanoTime() + 2_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    Fixture.commit(file, meta);
    capture.sync();
    assertBases();
  }

  @Test
  void anotherTransactionOfTheSameNumber() throws Exception {
    BoltMeta meta = Fixture.meta(file);
    Fixture.commit(
        file,
        new BoltMeta(
            meta.pageSize(),
            meta.flags(),
            meta.root(),
            meta.sequence() + 1,
            meta.freelist(),
            meta.highWaterMark(),
            meta.txId()));
    capture.sync();
    assertBases("transaction " + meta.txId() + " is not what it was");
  }

  @Test
  void aPageThatChangesWithoutATransaction() throws Exception {
    BoltMeta meta = Fixture.meta(file);
    Fixture.patchLong(file, (meta.freelist() + 1) * Fixture.PAGE - 8, 7);
    await(() -> replay.bases().size() == 2);
    assertBases("the file was changed, and no transaction tells of it");
  }

  @Test
  void aFileThatIsCutOffAndMended() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(8 * Fixture.PAGE);
    }
    await(() -> replay.messages().stream().anyMatch(said -> said.contains("is truncated: page")));
    Files.write(file, whole);
    await(() -> replay.messages().contains("recovered"));
    capture.sync();
    assertThat(replay.bytes()).isEqualTo(Fixture.bytes("canonical"));
  }

  @Test
  void aFileThatIsGoneAndComesBack() throws Exception {
    Files.delete(file);
    assertThatThrownBy(capture::sync).hasMessageContaining(file + " is missing");
    Fixture.written(folder);
    capture.sync();
    assertThat(replay.bases()).hasSizeBetween(1, 2);
    assertThat(replay.bytes()).isEqualTo(Fixture.bytes("canonical"));
  }
}
