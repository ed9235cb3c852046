package dev.stream.core.follow;

import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.read.PageChanges;
import dev.stream.core.retry.FailureText;
import dev.stream.core.retry.Interruption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a local copy of a database current, which other processes read meanwhile: restores it, then
 * applies new segments as replicas get them, each time as one change that readers see whole or not
 * at all. It may be killed at any moment and started again: it then proves the copy and goes on, or
 * restores it anew and says why.
 *
 * <p>What goes wrong with replicas never ends it: the copy stays as it is, and it tries again, with
 * longer pauses. If segments that it needs are gone, since retention removed them, it uses wider
 * ones, or restores the copy anew, fetching only what differs.
 *
 * <p>{@link #run} is for one thread; {@link #close} for any.
 */
public final class Follower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private final FollowerBuilder options;
  private final FollowPace pace;
  private final Object monitor = new Object();
  private @Nullable Thread runner;
  private boolean stopping;
  private @Nullable CopyUpdater following;
  private String trouble = "";

  Follower(FollowerBuilder options) {
    if (options.replicas.isEmpty()) {
      throw new IllegalArgumentException("there is no replica to follow");
    }
    this.options = options;
    this.pace = new FollowPace(options.interval);
  }

  /**
   * Begins to describe a follower.
   *
   * @param copy where the copy is to be
   * @param codecs where to find the codecs that artefacts name
   */
  public static FollowerBuilder builder(Path copy, CodecLookup codecs) {
    return new FollowerBuilder(copy, codecs);
  }

  /**
   * Begins to describe a follower of the replicas of a configuration, which are opened as needed.
   *
   * <pre>{@code
   * try (Follower follower = Follower.builder(config, Path.of("copy.db")).build()) {
   *   follower.run(); // until another thread closes it
   * }
   * }</pre>
   *
   * @param config names the replicas, and the database if it has one
   * @param copy where the copy is to be
   * @throws PluginException if two different plug-ins have one name
   */
  public static FollowerBuilder builder(StreamConfig config, Path copy) throws PluginException {
    return builder(copy, PluginRegistry.discover()).configured(config).replicas(config.replicas());
  }

  /**
   * Begins to describe a follower by what is installed.
   *
   * @param copy where the copy is to be
   * @param plugins know the codecs and databases that artefacts name
   */
  public static FollowerBuilder builder(Path copy, PluginRegistry plugins) {
    return new FollowerBuilder(copy, plugins.codecs()).databases(plugins.databases());
  }

  /**
   * Follows until {@link #close} is called, or this thread is interrupted.
   *
   * @throws IOException if the copy must not or cannot be written, or its type cannot be followed
   */
  public void run() throws IOException {
    synchronized (monitor) {
      runner = Thread.currentThread();
    }
    try {
      follow();
    } catch (IOException e) {
      // An interrupt is how it is asked to end, wherever that comes.
      if (e instanceof FatalException || !Interruption.caused(e)) {
        throw e;
      }
      Thread.currentThread().interrupt();
      LOG.debug("interrupted", e);
    }
  }

  private void follow() throws IOException {
    FollowLock lock = FollowLock.take(options.copy);
    try {
      PageChanges.removeAbandoned(options.copy);
      CopySeed.removeAbandoned(options.copy);
      while (!stopped()) {
        await(step());
      }
    } finally {
      try {
        end();
      } finally {
        lock.close();
      }
    }
  }

  private void end() throws IOException {
    synchronized (monitor) {
      runner = null;
      monitor.notifyAll();
    }
    CopyUpdater opened = following;
    following = null;
    if (opened != null) {
      opened.close();
    }
    options.replicas.forEach(each -> each.replica().close());
  }

  /**
   * Looks once, and moves on if there is something new.
   *
   * @return how long to wait until the next look
   */
  Duration step() throws IOException {
    try {
      CopyUpdater opened = following;
      if (opened == null) {
        opened = CopyUpdater.open(options, pace);
        following = opened;
      }
      Duration pause = opened.step();
      recovered();
      return pause;
    } catch (FatalException e) {
      throw e;
    } catch (IOException e) {
      if (!stopped()) {
        troubled(e);
      }
      return pace.failed();
    }
  }

  /** Ends it all: trying again would not help. */
  static final class FatalException extends IOException {

    private static final long serialVersionUID = 1L;

    FatalException(String message) {
      super(message);
    }
  }

  private void troubled(IOException e) {
    String message = FailureText.of(e);
    if (!message.equals(trouble)) {
      trouble = message;
      LOG.warn("{} stays as it is for now: {}", options.copy, message);
      LOG.debug("why", e);
      options.listener.onTrouble(message);
    }
  }

  private void recovered() {
    if (!trouble.isEmpty()) {
      trouble = "";
      LOG.info("{} is being followed again", options.copy);
      options.listener.onRecovered();
    }
  }

  private boolean stopped() {
    synchronized (monitor) {
      return stopping || Thread.currentThread().isInterrupted();
    }
  }

  private void await(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    synchronized (monitor) {
      try {
        long left = pause.toNanos();
        while (!stopping && left > 0) {
          monitor.wait(left / 1_000_000 + 1);
          left = until - System.nanoTime();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends {@link #run}, after a change that is under way, and waits for that. Repeatable. */
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (monitor) {
      stopping = true;
      monitor.notifyAll();
      if (runner != null && runner != Thread.currentThread()) {
        runner.interrupt();
      }
      while (runner != null && runner != Thread.currentThread() && !interrupted) {
        try {
          monitor.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
