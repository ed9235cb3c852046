package dev.stream.source.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.jspecify.annotations.Nullable;

/**
 * What H2 writes a store through: passes everything on, and lets the file's observers see what
 * changes it. As safe for several threads as the channel behind it.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // reads go on side by side, as on the disk
final class StreamChannel extends FileBaseDefault {

  private final FileChannel base;
  private final StoreFile file;
  private volatile boolean attached;

  StreamChannel(FileChannel base, StoreFile file) {
    this.base = base;
    this.file = file;
    StoreFile unused = StoreFiles.use(file.path());
  }

  @Override
  public long size() throws IOException {
    try {
      return base.size();
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    try {
      return base.read(target, position);
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    attach();
    try {
      return file.write(base, source, position);
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  protected void implTruncate(long size) throws IOException {
    attach();
    try {
      file.truncate(base, size);
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  public void force(boolean metaData) throws IOException {
    try {
      base.force(metaData);
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    FileLock lock = base.tryLock(position, size, shared);
    if (lock != null && !shared && !file.isDefective()) {
      try {
        attach();
      } catch (IOException | RuntimeException e) {
        lock.release();
        throw e;
      }
    }
    return lock;
  }

  /**
   * With H2's lock; a writer that takes none, and one whose file is defective, are observed from
   * their first write on.
   */
  private void attach() throws IOException {
    if (!attached) {
      file.attach(this, base.size());
      attached = true;
    }
  }

  /** An interrupt closes the channel behind this one; then this one is closed as well. */
  private IOException noticed(IOException failure) {
    if (!base.isOpen() && isOpen()) {
      try {
        close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  @Override
  protected void implCloseChannel() throws IOException {
    try {
      file.closing(this);
    } finally {
      StoreFiles.release(file);
      base.close();
    }
  }

  @Override
  public String toString() {
    return StreamFilePath.SCHEME + ":" + file.path();
  }
}
