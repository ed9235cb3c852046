package dev.stream.source.h2;

import dev.stream.api.database.OpenObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of one store, whether H2 has it open or not: who observes it, and the order in which
 * things happen to it. Safe for use by several threads.
 *
 * <p>Two locks, in this order: one for opening, closing and registering, which may take long, and
 * the commit lock, within which a write goes to the observers and then to the file.
 */
final class StoreFile {

  private static final Logger LOG = LoggerFactory.getLogger(StoreFile.class);

  private final Path path;
  private final Object opening = new Object();
  private final Object commits = new Object();
  private final List<H2Registration> registrations = new ArrayList<>(); // opening
  private @Nullable StreamChannel owner; // opening
  private boolean defective; // opening
  private @Nullable OpenStore former; // opening
  // Read in each write, and possibly changed in the midst of it, by an observer that gives up.
  private final List<H2Database> attached = new CopyOnWriteArrayList<>();
  private @Nullable OpenStore store; // both to write, either to read

  StoreFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  Object opening() {
    return opening;
  }

  Object commits() {
    return commits;
  }

  boolean isOpen() {
    synchronized (opening) {
      return store != null;
    }
  }

  /** The file as H2 has it open; null if H2 has not. With either lock held. */
  @Nullable OpenStore store() {
    return store;
  }

  /**
   * The file as H2 has it open. With either lock held.
   *
   * @throws IOException if H2 has not
   */
  OpenStore requireOpen() throws IOException {
    OpenStore open = store;
    if (open == null) {
      throw new IOException(
          path + " is not open: H2 has closed it; capture goes on when it is opened again");
    }
    return open;
  }

  /** Opens the file for writing, after the observers have had their chance to put it in place. */
  FileChannel open(FilePath base, String mode) throws IOException {
    synchronized (opening) {
      if (store == null) {
        loseFormerImages();
        defective = false;
        if (registrations.isEmpty()) {
          StoreFiles.requireNotMeant(path);
        } else {
          prepare();
        }
      }
      return new StreamChannel(base.open(mode), this);
    }
  }

  private void loseFormerImages() throws IOException {
    if (former != null) {
      former.loseImages();
      former = null;
    }
  }

  private void prepare() throws IOException {
    String defect = defect();
    for (H2Registration registration : registrations) {
      registration.observer().opening(new H2DatabaseProvider(), defect);
      defect = defect == null ? null : defect();
    }
    defective = defect != null;
  }

  private @Nullable String defect() throws IOException {
    return Files.exists(path) ? StoreSoundness.defect(path) : null;
  }

  /**
   * Whether the file was found to be defective before it was opened. What H2 is about to refuse
   * must not be taken for the newest state of the database.
   */
  boolean isDefective() {
    synchronized (opening) {
      return defective;
    }
  }

  /**
   * Begins capture: the channel has the lock, and nothing was written.
   *
   * @throws IOException if an observer cannot begin; the others have ended again
   */
  void attach(StreamChannel channel, long size) throws IOException {
    synchronized (opening) {
      if (owner != null) {
        return; // a second channel, which H2 does without the first one's lock
      }
      setStore(new OpenStore(path, size));
      owner = channel;
      try {
        attached.forEach(H2Database::reopened);
        for (H2Registration registration : registrations) {
          registration.attach();
        }
        if (attached.isEmpty() && !isScratch()) {
          LOG.warn(
              "{} was opened through \"stream:\" but nobody observes it: its commits are not"
                  + " replicated until an observer is registered (H2Stream.register) or"
                  + " StreamController.enable is called",
              path);
        }
      } catch (IOException | RuntimeException e) {
        release();
        throw e;
      }
    }
  }

  /** Whether H2 writes the file only to put it in a store's place, as when compacting. */
  private boolean isScratch() {
    return path.toString().endsWith(".tempFile");
  }

  private void setStore(@Nullable OpenStore opened) {
    synchronized (commits) {
      store = opened;
    }
  }

  /** Writes all of {@code source}, to the observers and then to the file. */
  int write(FileChannel channel, ByteBuffer source, long offset) throws IOException {
    int length = source.remaining();
    synchronized (commits) {
      OpenStore open = store;
      if (open == null || length == 0) {
        writeFully(channel, source, offset);
        return length;
      }
      if (attached.isEmpty()) { // images may still be read
        open.preserve(Pages.idAt(offset), Pages.idAt(offset + length - 1));
        writeFully(channel, source, offset);
        open.resized(Math.max(open.size(), offset + length));
        return length;
      }
      Change change = Change.write(open, source, offset);
      apply(open, change, () -> writeFully(channel, source, offset));
      return length;
    }
  }

  /** Cuts the file, for the observers and then itself. */
  void truncate(FileChannel channel, long size) throws IOException {
    synchronized (commits) {
      OpenStore open = store;
      if (open == null || size >= open.size()) {
        channel.truncate(size);
        return;
      }
      apply(open, Change.truncation(open, size), () -> channel.truncate(size));
    }
  }

  /** Something that changes the file. */
  @FunctionalInterface
  private interface FileChange {
    void run() throws IOException;
  }

  /** Log first: what a killed process did not get to write is then known to the next one. */
  private void apply(OpenStore open, Change change, FileChange toFile) throws IOException {
    open.preserve(change.firstId(), change.lastTouched());
    for (H2Database database : attached) {
      database.before(change);
    }
    boolean done = false;
    try {
      toFile.run();
      open.resized(change.size());
      done = true;
    } finally {
      if (!done) {
        open.resized(Files.size(path)); // not the channel's: that may have been closed
        for (H2Database database : attached) {
          database.failed(change);
        }
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer source, long offset)
      throws IOException {
    long at = offset;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
    }
  }

  /** H2 closes the channel; the file is still locked, or at least not anybody else's yet. */
  void closing(StreamChannel channel) throws IOException {
    synchronized (opening) {
      if (owner == channel) {
        release();
      }
    }
  }

  private void release() throws IOException {
    registrations.forEach(H2Registration::detach);
    attached.forEach(H2Database::storeCloses);
    OpenStore open = store;
    owner = null;
    former = open;
    synchronized (commits) {
      store = null;
      if (open != null) {
        open.close();
      }
    }
  }

  /** A database begins capture. With both locks held. */
  void add(H2Database database) {
    attached.add(database);
  }

  /** A database has ended capture. */
  void remove(H2Database database) {
    attached.remove(database);
  }

  /**
   * Adds an observer, which begins capture at once if the store is open. If there is no store it
   * can restore it now: H2 may look for the file before it opens it.
   */
  H2Registration register(OpenObserver observer) throws IOException {
    H2Registration registration = new H2Registration(this, observer);
    synchronized (opening) {
      if (store != null) {
        registration.attach();
      } else if (Files.notExists(path)) {
        observer.opening(new H2DatabaseProvider(), null);
      }
      registrations.add(registration);
    }
    return registration;
  }

  /** Takes an observer off; ends its capture. Returns whether it was registered. */
  boolean unregister(H2Registration registration) {
    synchronized (opening) {
      registration.detach();
      return registrations.remove(registration);
    }
  }

  /** Whether somebody has registered for this file. */
  boolean isRegistered() {
    synchronized (opening) {
      return !registrations.isEmpty();
    }
  }
}
