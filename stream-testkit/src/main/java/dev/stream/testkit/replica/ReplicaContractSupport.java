package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What a subclass of the contract supplies, and what its tests share. */
@Timeout(120)
abstract class ReplicaContractSupport {

  static final long PATIENCE_SECONDS = 60;

  private final List<Replica> opened = new ArrayList<>();

  /** The replica under test, on a store that was empty when the test began. */
  @SuppressWarnings("NullAway.Init")
  Replica replica;

  /**
   * Opens a replica. The first call of each test is to meet an empty store, or one that does not
   * exist yet; every further call opens another instance over the same store. The contract closes
   * them.
   *
   * <p>The first call comes before the subclass's own {@code BeforeEach} methods, since JUnit runs
   * those of a superclass first: what it needs is made here, in a field, in {@code BeforeAll} or by
   * an extension. {@code TempDir} fields are set by then.
   */
  protected abstract Replica open() throws Exception;

  /** A way to make the store unreachable; none if there is none, which skips a test. */
  protected Optional<Outage> outage() {
    return Optional.empty();
  }

  /** What must never be seen in names and messages. */
  protected List<String> secrets() {
    return List.of();
  }

  /** Size of the large object; by default more than the heap of an ordinary thorough run. */
  protected long largeObjectSize() {
    return TestRun.nightly() ? 640L << 20 : 20L << 20;
  }

  /**
   * How many objects the tests of long listings store; by default more than stores list at once.
   */
  protected int manyObjects() {
    return 1100;
  }

  /**
   * By how much the time that a put reports may differ from a listing's; by default not at all.
   * Only for stores that would need another request to tell.
   */
  protected Duration modifiedAtTolerance() {
    return Duration.ZERO;
  }

  /**
   * Whether {@link Replica#createsExclusively} must be true on the store that these tests run on,
   * once it has created something; by default it may be either.
   */
  protected boolean mustCreateExclusively() {
    return false;
  }

  /**
   * How often something is asked of an object that others store and delete at the same time, if the
   * store answers {@link Reason#UNAVAILABLE}; by default once. Only for servers that fail then now
   * and then, by a fault of their own.
   */
  protected int attemptsUnderContention() {
    return 1;
  }

  @BeforeEach
  void openFirst() throws Exception {
    replica = openAnother();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (Replica each : opened) {
      each.close();
    }
  }

  final Replica openAnother() throws Exception {
    Replica another = open();
    opened.add(another);
    return another;
  }

  static ObjectKey key(String value) {
    return new ObjectKey(value);
  }

  final ObjectInfo put(String key, byte[] content) throws IOException {
    return replica.put(key(key), TestBody.of(content));
  }

  final void put(String key) throws IOException {
    put(key, key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static byte[] read(Replica from, String key) throws IOException {
    return read(from, key, 0, Long.MAX_VALUE);
  }

  static byte[] read(Replica from, String key, long offset, long length) throws IOException {
    try (InputStream in = from.open(key(key), offset, length)) {
      return in.readAllBytes();
    }
  }

  final byte[] read(String key) throws IOException {
    return read(replica, key);
  }

  static List<ObjectInfo> infos(Replica from, String prefix) throws IOException {
    List<ObjectInfo> infos = new ArrayList<>();
    try (ObjectListing listing = from.list(prefix)) {
      while (listing.hasNext()) {
        infos.add(listing.next());
      }
    }
    return infos;
  }

  static List<String> keys(Replica from, String prefix) throws IOException {
    return infos(from, prefix).stream().map(info -> info.key().value()).toList();
  }

  /** The store lists exactly these objects, in this order, as their puts reported them. */
  final void assertListed(String prefix, List<ObjectInfo> reported) throws IOException {
    List<ObjectInfo> listed = infos(replica, prefix);
    assertThat(listed)
        .extracting(ObjectInfo::key, ObjectInfo::size)
        .isEqualTo(reported.stream().map(each -> tuple(each.key(), each.size())).toList());
    for (int i = 0; i < listed.size(); i++) {
      assertThat(Duration.between(listed.get(i).modifiedAt(), reported.get(i).modifiedAt()).abs())
          .as("modifiedAt as listed and as reported of " + listed.get(i).key())
          .isLessThanOrEqualTo(modifiedAtTolerance());
    }
  }

  final List<String> keys(String prefix) throws IOException {
    return keys(replica, prefix);
  }

  final void delete(Collection<String> keys) throws IOException {
    replica.delete(keys.stream().map(ObjectKey::new).toList());
  }

  /** No listing and no reader knows the object. */
  static void assertAbsent(Replica from, String key) throws IOException {
    assertThat(keys(from, key)).as("listing of " + key).doesNotContain(key);
    Throwable failure = catchThrowable(() -> read(from, key));
    assertThat(failure).as("reading " + key).isInstanceOf(ReplicaException.class);
    assertThat(((ReplicaException) failure).reason()).isEqualTo(Reason.NOT_FOUND);
  }

  /** The put fails, and the body's streams are closed. */
  static Throwable assertPutFails(Replica to, String key, ObjectBody body) {
    Throwable failure = catchThrowable(() -> to.put(key(key), body));
    assertThat(failure).as("failure of put " + key).isNotNull();
    if (body instanceof TestBody counted) {
      assertThat(counted.stillOpen()).as("streams of the body left open").isZero();
    }
    return failure;
  }

  /** Runs the tasks at once, each in its own thread, and waits for all of them. */
  static <T> List<T> together(List<? extends Callable<T>> tasks) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(executor.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(await(future));
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("not done within " + PATIENCE_SECONDS + " s", e);
    }
  }
}
