package org.example.stream.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is this replica's own, and what the contract leaves to its author to show. */
@Timeout(60)
final class WebdavReplicaTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");
  private static final byte[] BYTES = new byte[100_000];

  private static ApacheServer server;

  private final String collection = UUID.randomUUID().toString();
  private final Replica replica = open(collection);

  @BeforeAll
  static void start() throws Exception {
    server = ApacheServer.start();
    Files.createDirectories(server.file("read-only/g"));
    Files.createFile(server.file("read-only/g/a"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void close() throws Exception {
    replica.close();
  }

  private static Replica open(String path) {
    return new WebdavReplicaProvider().open(server.config(path));
  }

  private static List<String> keys(Replica replica) throws IOException {
    List<String> keys = new ArrayList<>();
    try (ObjectListing listing = replica.list("")) {
      while (listing.hasNext()) {
        keys.add(listing.next().key().value());
      }
    }
    return keys;
  }

  private static Content content(int size) {
    return new Content(new byte[size], size);
  }

  private List<Path> staged() throws IOException {
    try (Stream<Path> files = Files.list(server.file(collection + "/.staging~"))) {
      return files.toList();
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private static void assertFails(Reason reason, Attempt attempt) {
    ReplicaException failure = catchThrowableOfType(ReplicaException.class, attempt::run);
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
    for (Throwable each = failure; each != null; each = each.getCause()) {
      assertThat(each.toString()).doesNotContain(ApacheServer.PASSWORD);
    }
  }

  /** The contract looks for it, too, but the moment is too short to be met in a few rounds. */
  @Test
  void objectThatIsReplacedIsNeverAbsent() throws Exception {
    replica.put(KEY, content(10));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    List<Future<Integer>> reads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      reads.add(
          readers.submit(
              () -> {
                int count = 0;
                while (!done.get()) {
                  try (InputStream in = replica.open(KEY, 0, 100)) {
                    assertThat(in.readAllBytes()).hasSize(10);
                  }
                  count++;
                }
                return count;
              }));
    }
    for (int i = 0; i < 300; i++) {
      replica.put(KEY, content(10));
    }
    done.set(true);
    for (Future<Integer> read : reads) {
      assertThat(read.get()).isPositive();
    }
    readers.shutdown();
  }

  @Test
  void nothingIsLeftInStagingByPutsThatSucceedReplaceOrFail() throws Exception {
    replica.put(KEY, content(10));
    replica.put(KEY, content(20));
    assertThat(catchThrowable(() -> replica.put(KEY, new Content(new byte[10], 11)))).isNotNull();
    assertThat(staged()).isEmpty();
  }

  @Test
  void whatKilledProcessesLeftIsRemovedOnceItIsOld() throws Exception {
    replica.put(KEY, content(10));
    Path young = Files.createFile(server.file(collection + "/.staging~/young"));
    Path old = Files.createFile(server.file(collection + "/.staging~/old"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    try (Replica next = open(collection)) {
      assertThat(keys(next)).containsExactly("g/a");
      next.put(KEY, content(10));
    }
    assertThat(staged()).containsExactly(young);
  }

  @Test
  void contentThatFailsWhenItIsReadAgainLeavesTheFormerObject() throws Exception {
    replica.put(KEY, content(10));
    AtomicInteger opened = new AtomicInteger();
    ObjectBody body =
        new ObjectBody() {
          @Override
          public long size() {
            return BYTES.length;
          }

          @Override
          public InputStream open() {
            InputStream whole = new ByteArrayInputStream(BYTES);
            return opened.incrementAndGet() == 1 ? whole : new Torn(whole, 50_000);
          }
        };
    assertThat(catchThrowable(() -> replica.put(KEY, body))).isInstanceOf(IOException.class);
    assertThat(opened).hasValue(2);
    try (InputStream in = replica.open(KEY, 0, Long.MAX_VALUE)) {
      assertThat(in.readAllBytes()).hasSize(10);
    }
  }

  /** Ends in a failure after so many bytes. */
  private static final class Torn extends SequenceInputStream {
    Torn(InputStream in, int bytes) {
      super(new ByteArrayInputStream(first(in, bytes)), new Failing());
    }

    private static byte[] first(InputStream in, int bytes) {
      try {
        return in.readNBytes(bytes);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static final class Failing extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("told to fail");
    }
  }

  @Test
  void serverThatDiesDuringAnUploadShowsNothingOfIt() throws Exception {
    replica.put(KEY, content(10));
    ObjectKey other = new ObjectKey("g/b");
    AtomicBoolean ended = new AtomicBoolean();
    ObjectBody body =
        new ObjectBody() {
          @Override
          public long size() {
            return BYTES.length;
          }

          @Override
          public InputStream open() {
            return new SequenceInputStream(
                new ByteArrayInputStream(BYTES, 0, 50_000),
                new InputStream() {
                  @Override
                  public int read() {
                    if (!ended.getAndSet(true)) {
                      server.end();
                    }
                    return 0;
                  }
                });
          }
        };
    try {
      assertFails(Reason.UNAVAILABLE, () -> replica.put(other, body));
    } finally {
      server.begin();
    }
    assertThat(keys(replica)).containsExactly("g/a");
    assertFails(Reason.NOT_FOUND, () -> replica.open(other, 0, 1).close());
    replica.put(other, content(10));
    assertThat(keys(replica)).containsExactly("g/a", "g/b");
  }

  @Test
  void partsAsLongAsFileSystemsAllowAreStored() throws Exception {
    ObjectKey key = new ObjectKey("d".repeat(255) + "/" + "f".repeat(255));
    replica.put(key, content(10));
    replica.put(key, content(20));
    assertThat(keys(replica)).containsExactly(key.value());
    replica.delete(List.of(key));
    assertThat(keys(replica)).isEmpty();
  }

  @Test
  void pathOfTheUrlMayHaveEncodedCharacters() throws Exception {
    Files.createDirectory(server.file("a b"));
    server.makeWritable("a b");
    try (Replica spaced = open("a%20b/%C3%A4")) {
      spaced.put(KEY, content(10));
      assertThat(keys(spaced)).containsExactly("g/a");
      try (InputStream in = spaced.open(KEY, 0, 100)) {
        assertThat(in.readAllBytes()).hasSize(10);
      }
    }
  }

  @Test
  void collectionsThatVanishAreMadeAgainByTheNextAttempt() throws Exception {
    replica.put(KEY, content(10));
    Files.delete(server.file(collection + "/g/a"));
    Files.delete(server.file(collection + "/g"));
    assertFails(Reason.UNAVAILABLE, () -> replica.put(KEY, content(10)));
    replica.put(KEY, content(10));
    assertThat(keys(replica)).containsExactly("g/a");
  }

  @Test
  void refusalsHaveTheirReasons() throws Exception {
    var wrong = new WebdavReplicaConfig(server.url(collection), ApacheServer.USER, "wrong-one");
    try (Replica denied = new WebdavReplicaProvider().open(wrong);
        Replica readOnly = open("read-only");
        Replica nowhere = open("missing/above")) {
      assertFails(Reason.ACCESS_DENIED, () -> denied.put(KEY, content(10)));
      assertFails(Reason.ACCESS_DENIED, () -> denied.list(""));
      assertFails(Reason.ACCESS_DENIED, () -> denied.open(KEY, 0, 1).close());
      assertFails(Reason.ACCESS_DENIED, () -> denied.delete(List.of(KEY)));
      assertFails(Reason.ACCESS_DENIED, () -> readOnly.put(KEY, content(10)));
      assertFails(Reason.ACCESS_DENIED, () -> readOnly.delete(List.of(KEY)));
      assertThat(keys(readOnly)).containsExactly("g/a");
      assertFails(Reason.REJECTED, () -> nowhere.put(KEY, content(10)));
      assertThat(keys(nowhere)).isEmpty();
    }
  }

  @Test
  void everyDeleteIsTriedThoughOneFails() throws Exception {
    replica.put(KEY, content(10));
    replica.put(new ObjectKey("h/a"), content(10));
    server.protect(collection + "/g");
    try {
      assertFails(Reason.ACCESS_DENIED, () -> replica.delete(List.of(KEY, new ObjectKey("h/a"))));
    } finally {
      server.makeWritable(collection + "/g");
    }
    assertThat(keys(replica)).containsExactly("g/a");
  }

  @Test
  void interruptedPutEndsAsSuch() throws Exception {
    Thread.currentThread().interrupt();
    Throwable failure = catchThrowable(() -> replica.put(KEY, content(10)));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure).isInstanceOf(java.io.InterruptedIOException.class);
  }

  @Test
  void threadsEndAfterClosing() throws Exception {
    List<Thread> before = threads();
    ExecutorService executor = Executors.newFixedThreadPool(4);
    List<Future<?>> puts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ObjectKey key = new ObjectKey("g/" + i);
      puts.add(executor.submit(() -> replica.put(key, content(100_000))));
    }
    for (Future<?> put : puts) {
      put.get();
    }
    executor.shutdown();
    List<Thread> during = threads();
    during.removeAll(before);
    assertThat(during).isNotEmpty();
    replica.close();
    // Java 17's client ends when it is garbage.
    while (during.stream().anyMatch(Thread::isAlive)) {
      System.gc();
      Thread.yield();
    }
  }

  private static List<Thread> threads() {
    return new ArrayList<>(
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("stream-webdav|HttpClient-.*"))
            .toList());
  }

  @Test
  void operationsAfterClosingFail() throws Exception {
    replica.close();
    assertFails(Reason.UNAVAILABLE, () -> replica.put(KEY, content(10)));
    assertFails(Reason.UNAVAILABLE, () -> replica.list(""));
  }
}
