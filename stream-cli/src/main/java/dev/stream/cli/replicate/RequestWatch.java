package dev.stream.cli.replicate;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the requests looked at that other processes put into the shadow directory: when the kernel
 * tells that there is one (inotify), and every few seconds, for file systems of which it does not
 * tell everything. Looks are made by one thread, which is waited for at the end.
 */
final class RequestWatch {

  private static final Logger LOG = LoggerFactory.getLogger(RequestWatch.class);

  /** Who asks waits for twice as long before saying that nobody takes the request. */
  private static final long TOLD_MILLIS = 5_000;

  /** Java's own watch of other systems looks even less often than that. */
  private static final long UNTOLD_MILLIS = 1_000;

  private final @Nullable WatchService service;
  private final Runnable look;
  private final Thread thread = new Thread(this::run, "stream-requests");

  private RequestWatch(@Nullable WatchService service, Runnable look) {
    this.service = service;
    this.look = look;
  }

  /**
   * Begins.
   *
   * @param look looks whether there are requests, and takes them
   */
  static RequestWatch begin(Path shadowDir, Runnable look) {
    RequestWatch watch = new RequestWatch(service(shadowDir), look);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  private static @Nullable WatchService service(Path folder) {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return null;
    }
    WatchService service = null;
    try {
      service = folder.getFileSystem().newWatchService();
      folder.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      return service;
    } catch (IOException e) {
      // Such as when the system's number of watches is used up.
      LOG.debug("{} is looked at every second: {}", folder, e.toString());
      close(service);
      return null;
    }
  }

  private void run() {
    try {
      while (true) {
        look();
        await();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // The end.
    }
  }

  private void look() {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.warn("requests in the shadow directory could not be looked at; Stream tries again", e);
    }
  }

  private void await() throws InterruptedException {
    WatchService told = service;
    if (told == null) {
      Thread.sleep(UNTOLD_MILLIS);
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TOLD_MILLIS);
    boolean any = false;
    while (!any) {
      WatchKey key = told.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      any = key == null || concerns(key);
      if (key != null && !key.reset()) {
        Thread.sleep(UNTOLD_MILLIS); // The folder is no more: capture tells of that.
      }
    }
  }

  private static boolean concerns(WatchKey key) {
    boolean any = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      String name = String.valueOf(event.context()); // null where the kernel could not keep up
      any |= !(event.context() instanceof Path) || isRequest(name);
    }
    return any;
  }

  private static boolean isRequest(String name) {
    return name.equals(SnapshotRequest.NAME) || SyncRequest.isOf(SyncRequest.REQUEST, name);
  }

  /** No further look is begun. */
  void end() {
    close(service);
    thread.interrupt();
    try {
      thread.join(UNTOLD_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(@Nullable WatchService service) {
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      LOG.debug("a watch stays open: {}", e.toString());
    }
  }
}
