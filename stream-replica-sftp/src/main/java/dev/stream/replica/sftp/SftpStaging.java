package dev.stream.replica.sftp;

import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * The files in the replica's folder that are being written and are not objects yet, and their
 * removal. Thread-safe.
 */
final class SftpStaging {

  /** The tilde keeps it from being a valid key. */
  private static final String PREFIX = ".stream~";

  /** A file that nobody has written to for so long, by the server's clock, has lost its writer. */
  private static final long STALE_SECONDS = 3600;

  /** An empty file that is open. */
  static final class File {
    private final String path;
    private final byte[] handle;

    private File(String path, byte[] handle) {
      this.path = path;
      this.handle = handle;
    }

    String path() {
      return path;
    }

    byte[] handle() {
      return handle;
    }
  }

  private final RemoteFolders folders;
  private final String own = PREFIX + UUID.randomUUID() + "-";
  private final AtomicLong counter = new AtomicLong();

  /** Our files that could not be removed because the connection broke. */
  private final Set<String> left = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean swept = new AtomicBoolean();

  SftpStaging(RemoteFolders folders) {
    this.folders = folders;
  }

  /** Creates an empty file, and removes what was left behind where that is due. */
  File create(SftpChannel channel) throws IOException {
    for (String path : Set.copyOf(left)) {
      removeLeft(channel, path);
    }
    String path = folders.path(own + counter.incrementAndGet());
    byte[] handle = open(channel, path);
    File file = new File(path, handle);
    if (!swept.getAndSet(true)) {
      sweep(channel, handle);
    }
    return file;
  }

  private byte[] open(SftpChannel channel, String path) throws IOException {
    try {
      return channel.openToWrite(path, true).handle();
    } catch (SFTPException e) {
      if (!SftpChannel.isAbsent(e.getStatusCode())) {
        // The file may exist even so: perhaps only the answer did not arrive.
        left.add(path);
        throw e;
      }
    }
    folders.makeRoot(channel);
    return channel.openToWrite(path, true).handle();
  }

  private void removeLeft(SftpChannel channel, String path) throws IOException {
    if (left.remove(path)) {
      channel.remove(path);
    }
  }

  /** Removes a file that will not be an object, now or later. */
  void abandon(SftpChannel channel, File file) throws IOException {
    left.add(file.path());
    channel.remove(file.path()).status();
    left.remove(file.path());
  }

  /** Removes the staged name of a file that may now be an object. Does not wait for the answer. */
  void forget(SftpChannel channel, String path) {
    try {
      channel.remove(path);
    } catch (IOException e) {
      left.add(path);
    }
  }

  /** Sweeps again: what killed processes left may take the space that was missing. */
  void sweepAgain() {
    swept.set(false);
  }

  /** Removes what killed processes left: files much older than one that was made just now. */
  private void sweep(SftpChannel channel, byte[] justMade) throws IOException {
    long now = channel.attributes(justMade).attributes().getMtime();
    for (RemoteFolderReader.Entry entry : RemoteFolderReader.read(channel, folders.path(""))) {
      if (entry.name().startsWith(PREFIX)
          && !entry.name().startsWith(own)
          && entry.attributes().getType() == FileMode.Type.REGULAR
          && entry.attributes().getMtime() < now - STALE_SECONDS) {
        // The answer does not matter, because the next sweep tries again.
        channel.remove(folders.path(entry.name()));
      }
    }
  }
}
