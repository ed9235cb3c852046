package dev.stream.replica.sftp;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPEngine;

/**
 * Sends SFTP requests without waiting for their answers; the server deals with them in order.
 * Thread-safe.
 */
final class SftpChannel {

  private static final String DOMAIN = "openssh.com";

  /** What every server yields in one packet. */
  private static final int MOST_TO_READ = 32 << 10;

  /** What every server takes in one packet of SSH's, with all that is around it. */
  private static final int MOST_TO_WRITE = 31 << 10;

  /**
   * What surrounds the bytes: of SFTP's headers the longest is the handle, of SSH's there are few.
   */
  private static final int AROUND = 1 << 10;

  private static final int LEAST_TO_WRITE = 1 << 10;

  /** A disk may need longer to be written than to answer. */
  private static final int FLUSH_FACTOR = 10;

  private final SFTPEngine engine;
  private final Duration patience;

  private SftpChannel(SFTPEngine engine, Duration patience) {
    this.engine = engine;
    this.patience = patience;
  }

  static SftpChannel open(SSHClient client, Duration patience) throws IOException {
    return new SftpChannel(new SFTPEngine(client).init(), patience);
  }

  /** Most bytes to read at once. */
  int readChunk() {
    return MOST_TO_READ;
  }

  /**
   * Most bytes to write at once: a request that spans packets can be mixed up with one of another
   * channel, as by proftpd.
   */
  int writeChunk() {
    int room = engine.getSubsystem().getRemoteMaxPacketSize() - AROUND;
    return Math.max(LEAST_TO_WRITE, Math.min(MOST_TO_WRITE, room));
  }

  PendingReply openToRead(String path) throws IOException {
    return send(
        onPath(PacketType.OPEN, path)
            .putUInt32(OpenMode.toMask(Set.of(OpenMode.READ)))
            .putFileAttributes(FileAttributes.EMPTY));
  }

  /** Opens a file to write; a new one must not exist yet. */
  PendingReply openToWrite(String path, boolean isNew) throws IOException {
    Set<OpenMode> modes =
        isNew ? Set.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.EXCL) : Set.of(OpenMode.WRITE);
    return send(
        onPath(PacketType.OPEN, path)
            .putUInt32(OpenMode.toMask(modes))
            .putFileAttributes(FileAttributes.EMPTY));
  }

  PendingReply read(byte[] handle, long offset, int length) throws IOException {
    return send(onHandle(PacketType.READ, handle).putUInt64(offset).putUInt32(length));
  }

  PendingReply write(byte[] handle, long offset, byte[] bytes, int length) throws IOException {
    return send(onHandle(PacketType.WRITE, handle).putUInt64(offset).putString(bytes, 0, length));
  }

  boolean canFlush() {
    return engine.supportsServerExtension("fsync", DOMAIN);
  }

  PendingReply flush(byte[] handle) throws IOException {
    Request request = engine.newExtendedRequest("fsync@" + DOMAIN).putBytes(handle);
    return send(request, patience.multipliedBy(FLUSH_FACTOR));
  }

  PendingReply attributes(byte[] handle) throws IOException {
    return send(onHandle(PacketType.FSTAT, handle));
  }

  PendingReply close(byte[] handle) throws IOException {
    return send(onHandle(PacketType.CLOSE, handle));
  }

  PendingReply stat(String path) throws IOException {
    return send(onPath(PacketType.STAT, path));
  }

  /** What is at a path; links are followed. */
  PendingReply.EntryType typeOf(String path) throws IOException {
    return stat(path).entryType();
  }

  PendingReply openFolder(String path) throws IOException {
    return send(onPath(PacketType.OPENDIR, path));
  }

  PendingReply readFolder(byte[] handle) throws IOException {
    return send(onHandle(PacketType.READDIR, handle));
  }

  PendingReply remove(String path) throws IOException {
    return send(onPath(PacketType.REMOVE, path));
  }

  PendingReply makeFolder(String path) throws IOException {
    return send(onPath(PacketType.MKDIR, path).putFileAttributes(FileAttributes.EMPTY));
  }

  PendingReply removeFolder(String path) throws IOException {
    return send(onPath(PacketType.RMDIR, path));
  }

  boolean canReplace() {
    return engine.supportsServerExtension("posix-rename", DOMAIN);
  }

  /** Renames atomically; a file of the new name is replaced if {@link #canReplace}. */
  PendingReply rename(String from, String to) throws IOException {
    Request request =
        canReplace()
            ? engine.newExtendedRequest("posix-rename@" + DOMAIN).putString(from)
            : onPath(PacketType.RENAME, from);
    return send(request.putString(to));
  }

  /** Renames as the protocol says, which replaces nothing; not every server keeps to that. */
  PendingReply renameOnly(String from, String to) throws IOException {
    return send(onPath(PacketType.RENAME, from).putString(to));
  }

  boolean canLink() {
    return engine.supportsServerExtension("hardlink", DOMAIN);
  }

  /** Gives a file a second name, if nothing has that. */
  PendingReply link(String from, String to) throws IOException {
    return send(engine.newExtendedRequest("hardlink@" + DOMAIN).putString(from).putString(to));
  }

  /** Whether the server says that no space is left; false if it cannot tell. */
  boolean isFull(String path) throws IOException {
    if (!engine.supportsServerExtension("statvfs", DOMAIN)) {
      return false;
    }
    Response response =
        send(engine.newExtendedRequest("statvfs@" + DOMAIN).putString(path)).await();
    if (response.getType() != PacketType.EXTENDED_REPLY) {
      return false;
    }
    for (int i = 0; i < 4; i++) {
      response.readUInt64();
    }
    long freeBlocks = response.readUInt64();
    long files = response.readUInt64();
    response.readUInt64();
    long freeFiles = response.readUInt64();
    return freeBlocks == 0 || (files > 0 && freeFiles == 0);
  }

  /** Waits for an answer from the server, whatever it is. */
  void ping(Duration longest) throws IOException {
    send(onPath(PacketType.REALPATH, "."), longest).await();
  }

  static boolean isAbsent(StatusCode status) {
    return status == StatusCode.NO_SUCH_FILE || status == StatusCode.NO_SUCH_PATH;
  }

  private Request onPath(PacketType type, String path) {
    return engine.newRequest(type).putString(path);
  }

  private Request onHandle(PacketType type, byte[] handle) {
    return engine.newRequest(type).putBytes(handle);
  }

  private PendingReply send(Request request) throws IOException {
    return send(request, patience);
  }

  private PendingReply send(Request request, Duration longest) throws IOException {
    try {
      return new PendingReply(engine.request(request), longest);
    } catch (RuntimeException e) {
      // After a failed write the library throws exceptions of other kinds.
      throw new IOException("the connection is broken", e);
    }
  }
}
