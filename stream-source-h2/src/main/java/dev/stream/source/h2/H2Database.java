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
  private final Object commits; // a lock
  private final ObserverTrouble trouble;
  private final Object mending = new Object();
  private @Nullable PageFlushObserver observer;

  // With the commit lock held:
  private State state = State.NEW;
  private PendingPages pending = new PendingPages();
  private String doubt = "";
  private long txId;
  private @Nullable Mender mender;

  /**
   * @param file a use of it, which closing releases
   * @param failures counts what the observer did not take
   */
  H2Database(StoreFile file, AtomicLong failures) {
    this.file = file;
    this.commits = file.commits();
    this.trouble = new ObserverTrouble(file.path(), failures);
  }

  @Override
  public DatabaseInfo info() {
    return new DatabaseInfo("h2", file.path(), "H2 " + H2Version.text());
  }

  boolean isStarted() {
    return is(State.LIVE) || is(State.BEHIND) || is(State.DOUBT);
  }

  private boolean is(State asked) {
    synchronized (commits) {
      return state == asked;
    }
  }

  @Override
  public void start(@Nullable ResumePosition resume, PageFlushObserver takes) throws IOException {
    synchronized (file.opening()) {
      try {
        begin(resume, takes);
        String warning = H2Version.warning(H2Version.text());
        if (warning != null) {
          trouble.tell(takes, observing -> observing.onNotice(warning));
        }
        mend();
      } catch (IOException | RuntimeException | Error e) {
        stop();
        throw e;
      }
    }
  }

  private void begin(@Nullable ResumePosition resume, PageFlushObserver takes) throws IOException {
    synchronized (commits) {
      if (state != State.NEW) {
        throw new IllegalStateException("capture of " + file.path() + " was started before");
      }
      file.requireOpen();
      observer = takes;
      txId = resume == null ? 0 : resume.txId();
      doubt =
          resume == null
              ? "nothing was captured before"
              : "H2 keeps no log that would tell what was written while nobody captured";
      state = State.DOUBT;
      file.add(this);
    }
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
    synchronized (mending) {
      if (is(State.DOUBT)) {
        rebase();
      }
      boolean more = true;
      while (more) {
        more = catchUp();
      }
    }
  }

  private void rebase() throws IOException {
    PinnedImage image;
    String reason;
    synchronized (commits) {
      OpenStore store = file.requireOpen();
      txId += pending.transactions() + 1;
      pending.clear();
      image = store.pin(txId);
      reason = doubt;
      state = State.BEHIND;
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
    synchronized (commits) {
      if (state != State.CLOSED) {
        doubt(reason);
      }
    }
  }

  /** Hands over what is pending; returns whether there may be more by now. */
  private boolean catchUp() throws IOException {
    PendingPages run;
    PinnedImage image;
    synchronized (commits) {
      if (state != State.BEHIND) {
        return false;
      }
      if (pending.isEmpty()) {
        live();
        return false;
      }
      OpenStore store = file.requireOpen();
      if (pending.count() <= PAGES_UNDER_LOCK) {
        handOver(pending, store.pages(), OpenStore.position(store.size()), store::readForCommit);
        pending.clear();
        live();
        return false;
      }
      run = pending;
      pending = new PendingPages();
      image = store.pin(txId + run.transactions());
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
    synchronized (commits) {
      run.addAll(pending);
      pending = run;
    }
  }

  private void live() {
    state = State.LIVE;
    trouble.over(takes());
  }

  /** The observer failed; with the commit lock held. */
  private void troubled(Throwable failure) {
    trouble.failed(takes(), txId + 1, failure);
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
      synchronized (commits) {
        if (state == State.CLOSED || file.store() == null) {
          mender = null;
          return true;
        }
        troubled(e);
        return false;
      }
    }
    synchronized (commits) {
      boolean done = state == State.LIVE || state == State.CLOSED;
      mender = done ? null : mender;
      return done;
    }
  }

  /** H2 has opened the store again; nothing was written yet. */
  void reopened() {
    synchronized (commits) {
      doubt("H2 closed the database and opened it again; others may have written it in between");
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
      synchronized (commits) {
        troubled(e);
      }
    }
  }

  @Override
  public DatabaseImage snapshot() throws IOException {
    while (true) {
      sync();
      synchronized (commits) {
        if (state == State.LIVE) {
          return file.requireOpen().pin(txId);
        }
      }
    }
  }

  @Override
  public void sync() throws IOException {
    synchronized (commits) {
      if (state == State.LIVE) {
        return;
      }
      if (state == State.NEW || state == State.CLOSED) {
        throw new IOException("capture of " + file.path() + " is not running");
      }
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
    synchronized (commits) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      if (mender != null) {
        mender.wake();
      }
    }
    file.remove(this);
    StoreFiles.release(file);
  }
}
