package dev.stream.source.h2;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that one observer captures. Each write is handed over in the thread that writes. What the
 * observer did not take is noted and handed over later, by whoever gets to it first: a thread of
 * its own, or a caller who needs it.
 */
final class H2Database implements PagedDatabase {

  private static final Logger LOG = LoggerFactory.getLogger(H2Database.class);

  /** So many noted pages are handed over while commits wait; more of them from an image. */
  private static final int PAGES_UNDER_LOCK = 16;

  private enum State {
    NEW,
    /** The observer has everything. */
    LIVE,
    /** The observer lacks what is pending. */
    BEHIND,
    /** What the observer has is not known: it needs a new base. */
    DOUBT,
    CLOSED
  }

  private final StoreFile file;
  private final ReentrantLock commits;
  private final AtomicLong failures;
  private final ReentrantLock mending = new ReentrantLock();
  private @Nullable PageFlushObserver observer;

  // With the commit lock held:
  private State state = State.NEW;
  private PendingPages pending = new PendingPages();
  private String doubt = "";
  private long txId;
  private boolean troubled;
  private @Nullable Mender mender;

  /**
   * @param file a use of it, which closing releases
   * @param failures counts what the observer did not take
   */
  H2Database(StoreFile file, AtomicLong failures) {
    this.file = file;
    this.commits = file.commits();
    this.failures = failures;
  }

  @Override
  public DatabaseInfo info() {
    return new DatabaseInfo("h2", file.path(), "H2 " + H2Version.text());
  }

  boolean isStarted() {
    return is(State.LIVE) || is(State.BEHIND) || is(State.DOUBT);
  }

  private boolean is(State asked) {
    commits.lock();
    try {
      return state == asked;
    } finally {
      commits.unlock();
    }
  }

  @Override
  public void start(@Nullable ResumePosition resume, PageFlushObserver takes) throws IOException {
    file.opening().lock();
    try {
      begin(resume, takes);
      String warning = H2Version.warning(H2Version.text());
      if (warning != null) {
        tell(observing -> observing.onNotice(warning));
      }
      mend();
    } catch (IOException | RuntimeException | Error e) {
      stop();
      throw e;
    } finally {
      file.opening().unlock();
    }
  }

  private void begin(@Nullable ResumePosition resume, PageFlushObserver takes) throws IOException {
    commits.lock();
    try {
      if (state != State.NEW) {
        throw new IllegalStateException("capture of " + file.path() + " was started before");
      }
      requireOpen();
      observer = takes;
      txId = resume == null ? 0 : resume.txId();
      doubt =
          resume == null
              ? "nothing was captured before"
              : "H2 keeps no log that would tell what was written while nobody captured";
      state = State.DOUBT;
      file.add(this);
    } finally {
      commits.unlock();
    }
  }

  private OpenStore requireOpen() throws IOException {
    OpenStore store = file.store();
    if (store == null) {
      throw new IOException(
          file.path() + " is not open: H2 has closed it; capture goes on when it is opened again");
    }
    return store;
  }

  /**
   * The file is about to be changed, with the commit lock held. Hands the change over; fails for
   * nothing that the observer does.
   */
  void before(Change change) {
    if (state == State.LIVE) {
      try {
        takes().onPageFlush(change.flush(txId + 1));
        txId++;
        return;
      } catch (IOException e) {
        state = State.BEHIND;
        pending.clear();
        troubled(e);
      } catch (RuntimeException | Error e) {
        doubt("the observer failed unexpectedly (" + e + ")");
        troubled(e);
      }
    }
    note(change);
  }

  /** The change did not reach the file, or not whole. With the commit lock held. */
  void failed(Change change) {
    if (state == State.LIVE) {
      state = State.BEHIND;
      pending.clear();
      wakeMender();
    }
    note(change);
  }

  private void note(Change change) {
    pending.add(change.firstId(), change.lastId());
    // The file may grow again over what is cut off now, and then by zeros that nobody writes.
    pending.note(change.pages() + 1, Math.max(change.pagesBefore(), change.pages()));
  }

  private void doubt(String why) {
    state = State.DOUBT;
    doubt = why;
  }

  private PageFlushObserver takes() {
    return Objects.requireNonNull(observer);
  }

  /** Brings the observer up to date, with a new base if need be. */
  private void mend() throws IOException {
    mending.lock();
    try {
      if (is(State.DOUBT)) {
        rebase();
      }
      boolean more = true;
      while (more) {
        more = catchUp();
      }
    } finally {
      mending.unlock();
    }
  }

  private void rebase() throws IOException {
    PinnedImage image;
    String reason;
    commits.lock();
    try {
      OpenStore store = requireOpen();
      txId += pending.transactions() + 1;
      pending.clear();
      image = store.pin(txId);
      reason = doubt;
      state = State.BEHIND;
    } finally {
      commits.unlock();
    }
    boolean taken = false;
    try {
      takes().onBase(image, Continuity.lost(reason));
      taken = true;
    } catch (RuntimeException | Error e) {
      throw unexpected(e);
    } finally {
      if (!taken) {
        doubtAgain(reason);
        image.close();
      }
    }
  }

  private void doubtAgain(String reason) {
    commits.lock();
    try {
      if (state != State.CLOSED) {
        doubt(reason);
      }
    } finally {
      commits.unlock();
    }
  }

  /** Hands over what is pending; returns whether there may be more by now. */
  private boolean catchUp() throws IOException {
    PendingPages run;
    PinnedImage image;
    commits.lock();
    try {
      if (state != State.BEHIND) {
        return false;
      }
      if (pending.isEmpty()) {
        live();
        return false;
      }
      OpenStore store = requireOpen();
      if (pending.count() <= PAGES_UNDER_LOCK) {
        handOver(pending, store.pages(), OpenStore.position(store.size()), store::readForCommit);
        pending.clear();
        live();
        return false;
      }
      run = pending;
      pending = new PendingPages();
      image = store.pin(txId + run.transactions());
    } finally {
      commits.unlock();
    }
    boolean taken = false;
    try (image) {
      handOver(
          run,
          image.highWaterMark(),
          image.position(),
          (id, target) -> image.read(id, target.remaining() / Pages.SIZE, target));
      taken = true;
    } finally {
      if (!taken) {
        takeBack(run);
      }
    }
    return true;
  }

  private void handOver(
      PendingPages run, long highWaterMark, String position, RunFrames.Source source)
      throws IOException {
    long last = txId + run.transactions();
    try {
      takes()
          .onPageFlush(
              new PageFlush(
                  txId + 1,
                  last,
                  Pages.SIZE,
                  highWaterMark,
                  position,
                  new RunFrames(run, highWaterMark, source)));
      txId = last; // nobody else counts while the state is not LIVE
    } catch (RuntimeException | Error e) {
      doubtAgain("the observer failed unexpectedly (" + e + ")");
      throw unexpected(e);
    }
  }

  /** Whoever asks for a snapshot must not end with what the observer threw: it is tried again. */
  private static IOException unexpected(Throwable failure) {
    return new IOException("the observer failed unexpectedly (" + failure + ")", failure);
  }

  private void takeBack(PendingPages run) {
    commits.lock();
    try {
      run.addAll(pending);
      pending = run;
    } finally {
      commits.unlock();
    }
  }

  private void live() {
    state = State.LIVE;
    if (troubled) {
      troubled = false;
      LOG.info("capture of {} works again", file.path());
      tell(PageFlushObserver::onRecovered);
    }
  }

  /** Something the observer is told, and may fail at. */
  @FunctionalInterface
  private interface Message {
    void to(PageFlushObserver observer);
  }

  private void tell(Message message) {
    try {
      message.to(takes());
    } catch (RuntimeException e) {
      LOG.warn("the observer of {} failed at a message", file.path(), e);
    }
  }

  /** The observer failed; with the commit lock held. Told once per episode. */
  private void troubled(Throwable failure) {
    failures.incrementAndGet();
    if (!troubled) {
      troubled = true;
      String message =
          "the observer of "
              + file.path()
              + " did not take transaction "
              + (txId + 1)
              + ": "
              + failure
              + "; commits go on, but those from here on are not protected until it takes them. It"
              + " is tried again.";
      LOG.error(message, failure);
      tell(observer -> observer.onTrouble(message));
    }
    wakeMender();
  }

  private void wakeMender() {
    if (mender == null) {
      mender = new Mender(file.path(), commits, this::mendOnce);
      mender.start();
    }
  }

  /** For the mender; returns whether it is done, because all is well or nothing can be done now. */
  private boolean mendOnce() {
    try {
      mend();
    } catch (IOException | RuntimeException | Error e) {
      commits.lock();
      try {
        if (state == State.CLOSED || file.store() == null) {
          mender = null;
          return true;
        }
        troubled(e);
        return false;
      } finally {
        commits.unlock();
      }
    }
    commits.lock();
    try {
      boolean done = state == State.LIVE || state == State.CLOSED;
      mender = done ? null : mender;
      return done;
    } finally {
      commits.unlock();
    }
  }

  /** H2 has opened the store again; nothing was written yet. */
  void reopened() {
    commits.lock();
    try {
      doubt("H2 closed the database and opened it again; others may have written it in between");
    } finally {
      commits.unlock();
    }
    mendIfPossible();
  }

  /** H2 is about to close the store; its last write was made. */
  void storeCloses() {
    if (!is(State.LIVE)) {
      mendIfPossible();
    }
  }

  private void mendIfPossible() {
    try {
      mend();
    } catch (IOException | RuntimeException e) {
      commits.lock();
      try {
        troubled(e);
      } finally {
        commits.unlock();
      }
    }
  }

  @Override
  public DatabaseImage snapshot() throws IOException {
    while (true) {
      sync();
      commits.lock();
      try {
        if (state == State.LIVE) {
          return requireOpen().pin(txId);
        }
      } finally {
        commits.unlock();
      }
    }
  }

  @Override
  public void sync() throws IOException {
    commits.lock();
    try {
      if (state == State.LIVE) {
        return;
      }
      if (state == State.NEW || state == State.CLOSED) {
        throw new IOException("capture of " + file.path() + " is not running");
      }
    } finally {
      commits.unlock();
    }
    mend();
  }

  @Override
  public void close() throws IOException {
    if (is(State.BEHIND) || is(State.DOUBT)) {
      try {
        mend();
      } catch (IOException | RuntimeException e) {
        LOG.warn("the last commits of {} could not be handed over", file.path(), e);
      }
    }
    stop();
  }

  /** Ends capture as it is. Repeatable. */
  void stop() {
    commits.lock();
    try {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      if (mender != null) {
        mender.wake();
      }
    } finally {
      commits.unlock();
    }
    file.remove(this);
    StoreFiles.release(file);
  }
}
