package dev.stream.core.replicate;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import dev.stream.core.ByteImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A database in memory that remembers every committed state, and follows a script of faults. */
public final class ModelDatabase implements PagedDatabase {

  public final TreeMap<Long, byte[]> history = new TreeMap<>();
  final int pageSize;
  private final Random random;
  private byte[] now = new byte[0];
  public long txId;
  long delivered;
  private @Nullable PageFlushObserver observer;
  boolean proves = true;
  boolean failFrames;
  public boolean hideNextPage;
  public String signature = "";
  private @Nullable String doubt;
  int failingReads; // how many reads of an image fail, but for the first, which scans it
  volatile @Nullable Error snapshotFault;
  public volatile long heldBytes;
  public volatile @Nullable IOException givesUp; // thrown by whatever image is open then
  public final AtomicInteger openImages = new AtomicInteger();
  @Nullable ResumePosition resumedFrom;
  private int images;
  public volatile boolean busy; // something is committed whenever an image is asked for

  public ModelDatabase(int pageSize, long seed) {
    this.pageSize = pageSize;
    this.random = new Random(seed);
    history.put(0L, now);
  }

  /** The same database after its Stream was killed. */
  public ModelDatabase reopened() {
    return reopened(pageSize);
  }

  /** The same, its pages being of another size now. */
  public synchronized ModelDatabase reopened(int bytesPerPage) {
    ModelDatabase other = new ModelDatabase(bytesPerPage, random.nextLong());
    other.history.putAll(history);
    other.now = now;
    other.txId = txId;
    other.delivered = txId;
    other.signature = signature;
    return other;
  }

  /** The same, but unable to prove what it knows. */
  public synchronized ModelDatabase reopenedUnproven() {
    ModelDatabase other = reopened();
    other.proves = false;
    return other;
  }

  /** Commits a random change: pages are written, added, cut off; some new ones stay zeros. */
  public synchronized void commit() {
    int pages = now.length / pageSize;
    int target = pages;
    int kind = random.nextInt(10);
    if (pages == 0 || kind < 3) {
      target = pages + 1 + random.nextInt(8);
    } else if (kind == 3) {
      target = 1 + random.nextInt(pages);
    }
    byte[] next = Arrays.copyOf(now, target * pageSize);
    for (int i = random.nextInt(5); i >= 0; i--) {
      int page = random.nextInt(target);
      if (random.nextInt(8) == 0) {
        Arrays.fill(next, page * pageSize, (page + 1) * pageSize, (byte) 0);
      } else {
        byte[] bytes = new byte[1 + random.nextInt(pageSize)];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, next, page * pageSize, bytes.length);
      }
    }
    put(next);
  }

  /** A commit with a page that has to be stored, which any other may be without. */
  public synchronized void commitContent() {
    byte[] next = now.clone();
    next[0] = (byte) (next[0] == 1 ? 2 : 1);
    put(next);
  }

  /** The largest of the states before the newest one: nothing but its age speaks against it. */
  synchronized byte[] largestFormer() {
    return history.headMap(txId).values().stream()
        .max(Comparator.comparingInt(state -> state.length))
        .orElseThrow();
  }

  public synchronized void put(byte[] next) {
    now = next;
    txId++;
    history.put(txId, next);
  }

  public synchronized byte[] bytes() {
    return now.clone();
  }

  /** Hands over what is committed; if that fails it stays due. */
  public synchronized void deliver() throws IOException {
    if (observer == null || (delivered == txId && doubt == null)) {
      return;
    }
    if (doubt != null) {
      lose(doubt); // the last time it was not taken
      return;
    }
    byte[] before = history.get(delivered);
    byte[] after = now;
    boolean fail = failFrames;
    boolean hide = hideNextPage;
    observer.onPageFlush(
        new PageFlush(
            delivered + 1,
            txId,
            pageSize,
            after.length / pageSize,
            "p" + txId,
            consumer -> frames(delivered, before, after, fail, hide, consumer)));
    hideNextPage = false;
    delivered = txId;
  }

  private void frames(
      long from,
      byte[] before,
      byte[] after,
      boolean fail,
      boolean hide,
      PageFrames.Consumer consumer)
      throws IOException {
    // A page that was cut off meanwhile and came back counts as changed, as in a real log.
    long least =
        history.subMap(from, true, txId, true).values().stream()
            .mapToLong(state -> state.length / pageSize)
            .min()
            .orElse(0);
    boolean hidden = !hide;
    for (int page = 0; page < after.length / pageSize; page++) {
      int at = page * pageSize;
      boolean existed = at < before.length;
      byte[] empty = new byte[pageSize];
      boolean same =
          existed
              ? Arrays.equals(before, at, at + pageSize, after, at, at + pageSize)
              : Arrays.equals(empty, 0, pageSize, after, at, at + pageSize);
      if (same && (page < least || !existed)) {
        continue;
      }
      if (!hidden) {
        hidden = true;
        continue;
      }
      consumer.accept(new PageFrame(page + 1, 0, ByteBuffer.wrap(after, at, pageSize).slice()));
      if (fail) {
        throw new IOException("No space left on device");
      }
    }
    if (fail) {
      throw new IOException("No space left on device");
    }
  }

  /** Continuity is in doubt: transactions may have been missed. */
  public synchronized void lose(String reason) throws IOException {
    doubt = reason;
    history.put(++txId, now);
    observer.onBase(image(), Continuity.lost(reason));
    delivered = txId;
    doubt = null;
  }

  @Override
  public DatabaseInfo info() {
    return new DatabaseInfo("model", Path.of("model.db"), "model 1");
  }

  @Override
  public synchronized void start(@Nullable ResumePosition resume, PageFlushObserver target)
      throws IOException {
    observer = target;
    resumedFrom = resume;
    if (resume != null && proves && history.containsKey(resume.txId())) {
      delivered = resume.txId();
      deliver();
      target.onBase(image(), Continuity.proven("the model remembers"));
      return;
    }
    long atLeast = resume == null ? 0 : resume.txId() + 1;
    if (txId < atLeast || (resume != null && txId == resume.txId())) {
      txId = atLeast;
      history.put(txId, now);
    } else if (resume != null) {
      txId++;
      history.put(txId, now);
    }
    delivered = txId;
    target.onBase(image(), Continuity.lost("the model forgot"));
  }

  private DatabaseImage image() {
    openImages.incrementAndGet();
    DatabaseImage image =
        new HeldImage(new SignedImage(new ByteImage(txId, pageSize, now), signature));
    return failingReads == 0 ? image : new FailingImage(image);
  }

  private final class HeldImage extends ForwardingImage {

    private boolean open = true;

    HeldImage(DatabaseImage image) {
      super(image);
    }

    @Override
    public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
      requireNotGivenUp();
      super.read(firstPageId, count, target);
    }

    @Override
    public long heldBytes() throws IOException {
      requireNotGivenUp();
      return heldBytes;
    }

    private void requireNotGivenUp() throws IOException {
      IOException thrown = givesUp;
      if (thrown != null) {
        throw thrown;
      }
    }

    @Override
    public void close() throws IOException {
      if (open) {
        open = false;
        openImages.decrementAndGet();
      }
      super.close();
    }
  }

  /** Of a source whose signature stays the same when the database is rewritten. */
  private static final class SignedImage extends ForwardingImage {

    private final String signature;

    SignedImage(DatabaseImage image, String signature) {
      super(image);
      this.signature = signature;
    }

    @Override
    public String signature() {
      return signature;
    }

    @Override
    public Relation relationTo(String other) {
      return other.equals(signature) ? Relation.LATER : Relation.OTHER;
    }
  }

  private final class FailingImage extends ForwardingImage {

    private boolean scanned;

    FailingImage(DatabaseImage image) {
      super(image);
    }

    @Override
    public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
      if (scanned && failingReads > 0) {
        failingReads--;
        throw new IOException("the image cannot be read");
      }
      scanned = true;
      super.read(firstPageId, count, target);
    }
  }

  @Override
  public synchronized DatabaseImage snapshot() throws IOException {
    Error thrown = snapshotFault;
    if (thrown != null) {
      throw thrown;
    }
    images++;
    if (busy) {
      commit();
    }
    deliver();
    return image();
  }

  /** How many images were asked for. */
  public synchronized int images() {
    return images;
  }

  @Override
  public void sync() throws IOException {
    deliver();
  }

  @Override
  public synchronized void close() throws IOException {
    deliver();
    observer = null;
  }
}
