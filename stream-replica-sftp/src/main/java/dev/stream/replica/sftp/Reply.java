package dev.stream.replica.sftp;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** The answer to a request, which may still be on its way. */
final class Reply {

  private final Promise<Response, SFTPException> promise;
  private final Duration patience;

  Reply(Promise<Response, SFTPException> promise, Duration patience) {
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
      // May wake up too early.
      Response response = promise.tryRetrieve(left, TimeUnit.NANOSECONDS);
      if (response != null) {
        return response;
      }
    }
  }

  /** Waits for a success. */
  void ok() throws IOException {
    await().ensureStatusPacketIsOK();
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
