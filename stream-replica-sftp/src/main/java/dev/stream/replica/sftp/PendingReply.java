package dev.stream.replica.sftp;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** The answer to a request, which may still be on its way. */
final class PendingReply {

  private final Promise<Response, SFTPException> promise;
  private final Duration patience;

  PendingReply(Promise<Response, SFTPException> promise, Duration patience) {
    this.promise = promise;
    this.patience = patience;
  }

  /** Waits for the answer, whatever it is. */
  Response await() throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new NoAnswerException(patience);
      }
      // The library may wake up too early.
      Response response = promise.tryRetrieve(left, TimeUnit.NANOSECONDS);
      if (response != null) {
        return response;
      }
    }
  }

  /** What is at a path. */
  enum EntryType {
    ABSENT,
    FOLDER,
    /** Anything that is there and no folder. */
    FILE,
    /** The server does not tell. */
    UNKNOWN
  }

  /** Waits for the answer to a request about a path, and says what is there. */
  EntryType entryType() throws IOException {
    Response answer = await();
    if (answer.getType() == PacketType.ATTRS) {
      boolean folder = answer.readFileAttributes().getType() == FileMode.Type.DIRECTORY;
      return folder ? EntryType.FOLDER : EntryType.FILE;
    }
    return SftpChannel.isAbsent(answer.readStatusCode()) ? EntryType.ABSENT : EntryType.UNKNOWN;
  }

  /**
   * Waits for a success.
   *
   * @throws SFTPException if the server refuses, in its own words if it has any
   */
  void ok() throws IOException {
    Response answer = await();
    StatusCode status = answer.ensurePacketTypeIs(PacketType.STATUS).readStatusCode();
    if (status != StatusCode.OK) {
      boolean silent = answer.available() == 0;
      throw new SFTPException(status, silent ? status.toString() : answer.readString());
    }
  }

  /** Waits for the status, also of a failure. */
  StatusCode status() throws IOException {
    return await().ensurePacketTypeIs(PacketType.STATUS).readStatusCode();
  }

  byte[] handle() throws IOException {
    return await().ensurePacketTypeIs(PacketType.HANDLE).readBytes();
  }

  FileAttributes attributes() throws IOException {
    return await().ensurePacketTypeIs(PacketType.ATTRS).readFileAttributes();
  }
}
