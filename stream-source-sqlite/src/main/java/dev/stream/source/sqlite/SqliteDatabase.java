package dev.stream.source.sqlite;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite database that any number of processes write, captured by following its log. One thread
 * looks for new commits: every 2 to 50 ms while there are some, more often while checkpoints of
 * others wait for it, while there are none and nothing is open, when the system tells of a change.
 * What it sees is read at once or a little later ({@link ReadingPace}).
 */
final class SqliteDatabase implements PagedDatabase {

  private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long IDLE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long TROUBLE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long CLOSE_SECONDS = 30;

  private final Path configured;
  private final DatabaseInfo info;
  private final @Nullable String versionWarning;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private @Nullable Thread thread;
  private @Nullable LogCapture capture;
  private volatile boolean closing;
  private volatile boolean abandoned;
  private @Nullable String trouble;
  private long troubleAt;

  /** Nobody waits, but there may be something to be captured. */
  private static final Request LOOK = new Request(false, new CompletableFuture<>());

  /** Work for the follower's thread, between two looks at the log. */
  private record Request(boolean wantsImage, CompletableFuture<@Nullable DatabaseImage> answer) {}

  /**
   * @param configured the path as it is configured: links in it may be switched meanwhile
   * @param versionWarning what is wrong with the SQLite library in this process, if anything
   */
  SqliteDatabase(Path configured, DatabaseInfo info, @Nullable String versionWarning) {
    this.configured = configured;
    this.info = info;
    this.versionWarning = versionWarning;
  }

  @Override
  public DatabaseInfo info() {
    return info;
  }

  @Override
  public synchronized void start(@Nullable ResumePosition resume, PageFlushObserver takes)
      throws IOException {
    if (closing || thread != null) {
      throw new IllegalStateException("capture of " + info.path() + " was started before");
    }
    if (versionWarning != null) {
      takes.onWarning(versionWarning);
    }
    LogCapture started = new LogCapture(configured, takes, () -> requests.add(LOOK));
    try {
      started.start(resume);
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
    capture = started;
    thread = new Thread(() -> follow(started, takes), "stream-sqlite-" + info.path().getFileName());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public DatabaseImage snapshot() throws IOException {
    DatabaseImage image = ask(true);
    if (image == null) {
      throw new IOException("no image of " + info.path());
    }
    return image;
  }

  @Override
  public void sync() throws IOException {
    ask(false);
  }

  private @Nullable DatabaseImage ask(boolean wantsImage) throws IOException {
    Request request = new Request(wantsImage, new CompletableFuture<>());
    synchronized (this) {
      if (thread == null || closing) {
        throw new IOException("capture of " + info.path() + " is not running");
      }
      requests.add(request);
    }
    try {
      return request.answer().get();
    } catch (InterruptedException e) {
      // Whoever fixes the image after all must not leave it open.
      var unused = request.answer().whenComplete((image, failure) -> discard(image));
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }

  private static void discard(@Nullable DatabaseImage image) {
    try {
      if (image != null) {
        image.close();
      }
    } catch (IOException e) {
      // Nobody is left to be told; the image's pin goes with its connection.
    }
  }

  private void follow(LogCapture following, PageFlushObserver takes) {
    long lastCommit = System.nanoTime();
    long wait = FIRST_WAIT_NANOS;
    long due = lastCommit + wait;
    long notBefore = lastCommit; // however much happens that turns out to be nothing
    while (true) {
      Request request = next(wait);
      if (LOOK.equals(request)) {
        long now = System.nanoTime();
        if (closing || now < notBefore) {
          wait = Math.max(0, Math.min(notBefore, due) - now);
          continue;
        }
        request = null;
      }
      boolean stop = closing && request == null;
      if (abandoned) {
        break;
      }
      try {
        // Who asks, or ends capture, gets what is committed by now.
        boolean asked = request != null || stop;
        boolean any = following.poll(System.nanoTime() - lastCommit, !asked);
        while (asked && following.isBehind()) {
          Thread.sleep(TimeUnit.NANOSECONDS.toMillis(IDLE_WAIT_NANOS));
          any |= following.poll(0, false);
        }
        if (any) {
          lastCommit = System.nanoTime();
        }
        wait = following.waitNanos();
        notBefore = System.nanoTime() + IDLE_WAIT_NANOS;
        answer(following, request);
        if (following.watchOut(System.nanoTime() - lastCommit)) {
          wait = 0;
        }
        if (!following.isBehind()) {
          if (following.hasPutOff()) {
            takes.onPutOff();
          } else {
            takes.onLooked();
          }
          recovered(takes);
        }
      } catch (InterruptedException e) {
        closing = true;
        fail(request, new java.io.InterruptedIOException("interrupted"));
      } catch (IOException e) {
        fail(request, e);
        troubled(takes, e.getMessage() == null ? e.toString() : e.getMessage());
        wait = TROUBLE_WAIT_NANOS;
        notBefore = System.nanoTime() + wait; // what happens meanwhile changes nothing
      } catch (RuntimeException | Error e) {
        // A fault of ours or of the observer's: capture must neither end unseen nor go on wrongly.
        following.doubt("capture failed unexpectedly (" + e + ")");
        fail(request, e);
        troubled(takes, "capture failed unexpectedly: " + e);
        wait = TROUBLE_WAIT_NANOS;
        notBefore = System.nanoTime() + wait;
      }
      due = System.nanoTime() + wait;
      if (stop) {
        break;
      }
    }
    for (Request left = requests.poll(); left != null; left = requests.poll()) {
      fail(left, new IOException("capture of " + info.path() + " was closed"));
    }
  }

  private @Nullable Request next(long waitNanos) {
    try {
      return closing ? requests.poll() : requests.poll(waitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      closing = true;
      return null;
    }
  }

  private static void answer(LogCapture following, @Nullable Request request) throws IOException {
    if (request == null) {
      return;
    }
    if (!request.wantsImage()) {
      request.answer().complete(null);
      return;
    }
    try {
      request.answer().complete(following.image());
    } catch (PositionLostException e) {
      throw new IOException(e.reason() + "; capture begins anew, try again", e);
    }
  }

  private static void fail(@Nullable Request request, Throwable e) {
    if (request != null) {
      request.answer().completeExceptionally(e);
    }
  }

  private void troubled(PageFlushObserver takes, String message) {
    long now = System.nanoTime();
    if (!message.equals(trouble) || now - troubleAt >= REPEAT_NANOS) {
      trouble = message;
      troubleAt = now;
      takes.onTrouble(message);
    }
  }

  private void recovered(PageFlushObserver takes) {
    if (trouble != null) {
      trouble = null;
      takes.onRecovered();
    }
  }

  @Override
  public void close() throws IOException {
    stop(true);
  }

  /** Ends capture as a killed process would, without a last delivery. */
  void abandon() throws IOException {
    stop(false);
  }

  private void stop(boolean deliver) throws IOException {
    Thread running;
    synchronized (this) {
      if (closing) {
        return;
      }
      abandoned = !deliver;
      closing = true;
      running = thread;
      // Wakes the thread out of its wait; the request itself asks for a last delivery.
      requests.add(new Request(false, new CompletableFuture<>()));
    }
    if (running != null) {
      try {
        running.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    LogCapture open = capture;
    if (open != null && (running == null || !running.isAlive())) {
      open.close();
    }
  }
}
