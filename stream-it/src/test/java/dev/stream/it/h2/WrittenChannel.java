package dev.stream.it.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.h2.store.fs.FileBase;

/** A channel that tells of every write and truncation, before and after. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // it locks the file it tells of
final class WrittenChannel extends FileBase {

  private final FileChannel base;
  private final Path file;
  private final WrittenFile written;

  WrittenChannel(FileChannel base, Path file, WrittenFile written) {
    this.base = base;
    this.file = file;
    this.written = written;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    synchronized (written) {
      ByteBuffer copy = source.slice();
      written.writing();
      int count = base.write(source, position);
      written.wrote(position, copy.limit(count));
      return count;
    }
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    synchronized (written) {
      written.writing();
      base.truncate(size);
      written.truncated(size);
      return this;
    }
  }

  @Override
  public int write(ByteBuffer source) {
    throw new UnsupportedOperationException("H2 writes its store by position");
  }

  /** H2 locks the file before it reads or writes it, which is also when a capture begins. */
  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    synchronized (written) {
      FileLock lock = base.tryLock(position, size, shared);
      if (lock != null) {
        written.opened(file);
      }
      return lock;
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return base.read(target, position);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return base.read(target);
  }

  @Override
  public long position() throws IOException {
    return base.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    base.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return base.size();
  }

  @Override
  public void force(boolean metaData) throws IOException {
    base.force(metaData);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    base.close();
  }
}
