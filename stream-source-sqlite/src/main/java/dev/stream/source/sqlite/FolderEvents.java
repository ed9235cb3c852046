package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells when something happens to a database file or its log while nothing of Stream's is open on
 * them: the kernel reports it (inotify), so that a look is not too late though looks are rare. Only
 * a hint: what a file system does not report, such as a change made by another machine, has to be
 * found by looking, and {@link #missed} says so.
 *
 * <p>Safe for use by several threads.
 */
final class FolderEvents implements AutoCloseable {

  /**
   * Those of Linux that keep files on disks or in memory, or merge such, with times of nanoseconds.
   */
  private static final Set<String> LOCAL =
      Set.of("ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "tmpfs", "overlay");

  /** Unreported changes in a row after which nothing is expected of this folder any more. */
  private static final int MOST_MISSED = 3;

  private final Runnable onEvent;
  private final String threadName;
  private @Nullable WatchService service;
  private @Nullable WatchKey key;
  private Set<String> names = Set.of();
  private int missed;
  private @Nullable Path known;
  private boolean sure; // of the folder that is known
  private boolean useless = !"Linux".equals(System.getProperty("os.name"));

  /**
   * Events of any database.
   *
   * @param onEvent called in a thread of its own; must return at once
   */
  FolderEvents(String threadName, Runnable onEvent) {
    this.threadName = threadName;
    this.onEvent = onEvent;
  }

  /**
   * From here on it tells of a database, until {@link #stop}. What happened before the call has to
   * be looked for.
   *
   * @param database real path of the file
   */
  synchronized void begin(Path database) {
    if (useless || key != null) {
      return;
    }
    String name = String.valueOf(database.getFileName());
    names = Set.of(name, name + "-wal", name + "-journal");
    Path folder = database.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    if (!folder.equals(known)) {
      known = folder;
      sure = isSure(folder);
    }
    try {
      key =
          folder.register(
              open(),
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException | RuntimeException e) {
      useless = true; // such as when the system's number of watches is used up
    }
  }

  private WatchService open() throws IOException {
    WatchService open = service;
    if (open == null) {
      open = FileSystems.getDefault().newWatchService();
      service = open;
      WatchService taken = open;
      Thread thread = new Thread(null, () -> take(taken), threadName, 1 << 17);
      thread.setDaemon(true);
      thread.start();
    }
    return open;
  }

  /** It is held open now: whoever follows its log needs no events. */
  synchronized void stop() {
    if (key != null) {
      key.cancel();
      key = null;
    }
  }

  /** Whether it tells of what happens, as far as is known. */
  synchronized boolean isTelling() {
    return key != null;
  }

  /**
   * Whether the folder is on a file system of this machine's kernel, which reports every change
   * that a program makes. Of others, and of those that are not known, some do not.
   */
  synchronized boolean tellSurely() {
    return sure;
  }

  private static boolean isSure(Path folder) {
    try {
      return LOCAL.contains(Files.getFileStore(folder).type());
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Something was found of which it had told, or had not told. */
  synchronized void found(boolean told) {
    missed = told ? 0 : missed + 1;
    if (missed >= MOST_MISSED) {
      useless = true;
      stop();
    }
  }

  private void take(WatchService from) {
    try {
      while (true) {
        WatchKey told = from.take();
        if (concerns(told)) {
          onEvent.run();
        }
        if (!told.reset()) {
          lost(told);
        }
      }
    } catch (ClosedWatchServiceException e) {
      // closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean concerns(WatchKey told) {
    boolean any = false;
    for (WatchEvent<?> event : told.pollEvents()) {
      any |= event.context() == null || names.contains(event.context().toString());
    }
    return any && told.equals(key);
  }

  /** The folder is no more, or the key was cancelled. */
  private synchronized void lost(WatchKey told) {
    if (told.equals(key)) {
      key = null;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    stop();
    useless = true;
    if (service != null) {
      service.close();
      service = null;
    }
  }
}
