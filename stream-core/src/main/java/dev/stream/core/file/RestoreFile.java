package dev.stream.core.file;

import dev.stream.core.retry.FailureText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file being restored, under a name of its own, which is not its target's; deleted when closed
 * unless it was moved away. Nobody but its owner may read it. Pages of zeros are left out, so that
 * it is sparse where the file system can. Writing is safe for several threads.
 */
public final class RestoreFile implements AutoCloseable {

  private static final int BUFFER = 1 << 18;

  /** Beyond any byte that a database would read or lock. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private volatile Path path;
  private final FileChannel channel;
  private final int pageSize;
  private final byte[] zeros;
  private final boolean sharedDisk;
  private final Writeback writeback;

  private RestoreFile(Path path, FileChannel channel, int pageSize, boolean sharedDisk) {
    this.path = path;
    this.channel = channel;
    this.pageSize = pageSize;
    this.zeros = new byte[pageSize];
    this.sharedDisk = sharedDisk;
    this.writeback = new Writeback(() -> channel.force(false), "stream-writeback", sharedDisk);
  }

  /**
   * A new name in a folder for what is restored to a target, which {@link #removeAbandoned} knows.
   */
  public static Path name(Path folder, Path target) {
    return folder.resolve(
        String.format(
            Locale.ROOT,
            "%s%d-%08x",
            prefix(target),
            ProcessHandle.current().pid(),
            ThreadLocalRandom.current().nextInt()));
  }

  /**
   * Makes one.
   *
   * @param folder where; nobody else may read it there, at no moment, for others may use the folder
   * @param sharedDisk whether an application commits to the same disk, which is then to wait little
   */
  public static RestoreFile create(Path folder, Path target, int pageSize, boolean sharedDisk)
      throws TargetException {
    Path path = name(folder, target);
    try {
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              ownerAlone(path));
      try {
        // Tells a later restore that this one is at work; gone with the process.
        FileLock unused = channel.tryLock(LOCKED_BYTE, 1, false);
        return new RestoreFile(path, channel, pageSize, sharedDisk);
      } catch (IOException e) {
        channel.close();
        Files.deleteIfExists(path);
        throw e;
      }
    } catch (IOException e) {
      throw new TargetException("cannot create " + path + ": " + FailureText.of(e), e);
    }
  }

  private static FileAttribute<?>[] ownerAlone(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Removes what restores to a target left in a folder when their process was killed. */
  public static void removeAbandoned(Path folder, Path target) throws IOException {
    Pattern form = Pattern.compile(Pattern.quote(prefix(target)) + "([0-9]{1,18})-[0-9a-f]{8}");
    List<Path> found;
    try (Stream<Path> files = Files.list(folder)) {
      found = files.filter(file -> form.matcher(file.getFileName().toString()).matches()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : found) {
      Matcher name = form.matcher(file.getFileName().toString());
      if (name.matches() && isAbandoned(file, Long.parseLong(name.group(1)))) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isAbandoned(Path file, long pid) throws IOException {
    if (ProcessHandle.of(pid).isPresent()) {
      return false;
    }
    // The process may be one of another container that shares the folder: the lock tells.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false)) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".restore-";
  }

  public Path path() {
    return path;
  }

  /** Gives the file another name; it has the one it had if that fails. */
  public void rename(Path to, FileRenaming renaming) throws IOException {
    renaming.rename(path, to);
    path = to;
  }

  /**
   * Copies the finished file to another folder, and proves the copy, which is durable then. Both
   * are read through the channels that are open: opening and closing them would drop their locks.
   *
   * @param progress gets the number of bytes copied, and compared, one after the other
   */
  public RestoreFile copy(Path folder, Path target, LongConsumer progress) throws IOException {
    RestoreFile copy = create(folder, target, pageSize, sharedDisk);
    try {
      readBack(
          (firstId, count, data, offset) -> {
            copy.write(firstId, count, data, offset);
            progress.accept((long) count * pageSize);
          });
      copy.finish(length());
      requireSame(copy, progress);
      return copy;
    } catch (IOException | RuntimeException | Error e) {
      try {
        copy.close();
      } catch (IOException unclosed) {
        e.addSuppressed(unclosed);
      }
      throw e;
    }
  }

  /** Refuses a copy of which any byte differs. */
  private void requireSame(RestoreFile copy, LongConsumer progress) throws IOException {
    byte[] own = new byte[chunk()];
    copy.readBack(
        (firstId, count, data, offset) -> {
          read(firstId, count, own);
          int length = count * pageSize;
          int differs = Arrays.mismatch(own, 0, length, data, offset, offset + length);
          if (differs >= 0) {
            throw new TargetException(
                copy.path
                    + " is not what was written: it differs from "
                    + path
                    + ", of which it is the copy, at byte "
                    + ((firstId - 1) * pageSize + differs)
                    + "; check that disk, or restore elsewhere",
                null);
          }
          progress.accept(length);
        });
  }

  /** Writes neighbouring pages. */
  public void write(long firstId, int count, byte[] data, int offset) throws TargetException {
    int from = 0;
    for (int i = 0; i <= count; i++) {
      if (i == count || isZero(data, offset + i * pageSize)) {
        if (i > from) {
          ByteBuffer run = ByteBuffer.wrap(data, offset + from * pageSize, (i - from) * pageSize);
          write(run, (firstId - 1 + from) * pageSize);
        }
        from = i + 1;
      }
    }
  }

  private boolean isZero(byte[] data, int offset) {
    return data[offset] == 0 && Arrays.equals(data, offset, offset + pageSize, zeros, 0, pageSize);
  }

  private void write(ByteBuffer data, long position) throws TargetException {
    int length = data.remaining();
    try {
      long at = position;
      while (data.hasRemaining()) {
        at += channel.write(data, at);
      }
    } catch (IOException e) {
      throw new TargetException("cannot write " + path + ": " + FailureText.of(e), e);
    }
    writeback.wrote(length);
  }

  /** Gives the file its length, when all is written; it goes to the disk from now on. */
  public void complete(long length) throws TargetException {
    try {
      if (channel.size() < length) {
        channel.write(ByteBuffer.allocate(1), length - 1);
      }
      requireLength(length);
      writeback.rest();
    } catch (IOException e) {
      throw incomplete(e);
    }
  }

  /** Gives the file its length and makes its bytes durable. */
  public void finish(long length) throws TargetException {
    complete(length);
    try {
      writeback.await();
      requireLength(length);
      channel.force(true);
    } catch (IOException e) {
      throw incomplete(e);
    }
  }

  private void requireLength(long length) throws IOException {
    if (channel.size() != length) {
      throw new IOException("it has " + channel.size() + " bytes instead of " + length);
    }
  }

  private TargetException incomplete(IOException e) {
    return new TargetException("cannot complete " + path + ": " + FailureText.of(e), e);
  }

  /** Reads the whole file back through {@code sink}, in order. */
  public void readBack(PageRunSink sink) throws IOException {
    int chunk = chunk();
    ByteBuffer buffer = ByteBuffer.allocate(chunk);
    long length = length();
    for (long at = 0; at < length; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(chunk, length - at));
      fill(buffer, at);
      sink.pages(at / pageSize + 1, buffer.limit() / pageSize, buffer.array(), 0);
    }
  }

  private int chunk() {
    return Math.max(BUFFER / pageSize, 1) * pageSize;
  }

  /** Reads pages; those that were never written are zeros. */
  public void read(long firstId, int count, byte[] target) throws TargetException {
    ByteBuffer buffer = ByteBuffer.wrap(target, 0, count * pageSize);
    long at = (firstId - 1) * pageSize;
    try {
      while (buffer.hasRemaining()) {
        int got = channel.read(buffer, at + buffer.position());
        if (got < 0) {
          Arrays.fill(target, buffer.position(), buffer.limit(), (byte) 0);
          return;
        }
      }
    } catch (IOException e) {
      throw new TargetException("cannot read back " + path + ": " + FailureText.of(e), e);
    }
  }

  private void fill(ByteBuffer buffer, long at) throws TargetException {
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, at + buffer.position()) < 0) {
          throw new IOException("it ends at " + channel.size() + " bytes");
        }
      }
    } catch (IOException e) {
      throw new TargetException("cannot read back " + path + ": " + FailureText.of(e), e);
    }
  }

  /** Bytes of the file. */
  public long length() throws TargetException {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new TargetException("cannot read back " + path + ": " + FailureText.of(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    writeback.rest();
    channel.close();
    Files.deleteIfExists(path);
  }
}
