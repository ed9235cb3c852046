package dev.stream.spring;

import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamListener;
import dev.stream.core.metric.MetricSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * A database that Stream follows from beside the application, such as SQLite. It is restored before
 * the first {@code DataSource} is made. Capture begins when all beans are made, and so the schema
 * is, and before the web server takes requests; or as soon as the application has created its
 * database, if it does that later.
 */
final class FileReplication implements DatabaseReplication, SmartInitializingSingleton {

  private static final Logger LOG = LoggerFactory.getLogger(FileReplication.class);
  private static final long POLL_MILLIS = 100;

  private final Path database;
  private final StreamController controller;
  private final CountDownLatch ending = new CountDownLatch(1);
  private @Nullable Thread waiting; // guarded by this
  private boolean closed; // guarded by this
  private volatile boolean started;
  private volatile @Nullable String failure;

  /** Restores the database if it is missing and that is asked for. */
  FileReplication(StreamConfig config, StreamListener listener) throws IOException {
    this.database = config.requireDatabase().path();
    this.controller = StreamController.builder().config(config).listener(listener).build();
    if (config.restore().enabled() && !isAnotherFile(config.restore().targetPath())) {
      var unused = StreamController.restoreIfMissing(config);
    }
  }

  /** The start of capture looks after that one: no {@code DataSource} opens it. */
  private boolean isAnotherFile(@Nullable Path target) {
    return target != null && !whole(target).equals(whole(database));
  }

  private static Path whole(Path path) {
    return path.toAbsolutePath().normalize();
  }

  @Override
  public synchronized void afterSingletonsInstantiated() {
    if (closed) {
      return;
    }
    try {
      if (isCreated()) {
        start();
        return;
      }
    } catch (IOException e) {
      throw StreamStartException.of(e);
    }
    LOG.info("{} does not exist yet; capture begins when the application has created it", database);
    Thread thread = new Thread(this::startOnceCreated, "stream-start");
    thread.setDaemon(true);
    thread.start();
    waiting = thread;
  }

  /** A file without a byte is not created yet: SQLite makes one before it writes the first page. */
  private boolean isCreated() throws IOException {
    return Files.exists(database) && Files.size(database) > 0;
  }

  private void startOnceCreated() {
    try {
      // Waiting is done here and not by the controller, which would try to restore again meanwhile.
      boolean last = false;
      while (!isCreated()) {
        if (last) {
          return;
        }
        last = ending.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
      start(); // also at the end: what the application has just created is not lost
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody here does that
    } catch (IOException | RuntimeException e) {
      failure = database + " is not replicated: " + e.getMessage();
      LOG.error("{}", failure, e);
    }
  }

  private void start() throws IOException {
    controller.start();
    started = true;
  }

  @Override
  public Path database() {
    return database;
  }

  @Override
  public @Nullable StreamController controller() {
    return started ? controller : null;
  }

  @Override
  public MetricSource metrics() {
    return controller;
  }

  @Override
  public @Nullable String failure() {
    return failure;
  }

  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      closed = true;
      ending.countDown();
      thread = waiting;
      waiting = null;
    }
    if (thread != null) {
      join(thread);
    }
    started = false;
    controller
        .closeAndReport()
        .forEach(left -> LOG.warn("{}: left by the end of the application: {}", database, left));
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // a capture that has just begun still has to be closed
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
