package dev.stream.core.archive;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.retry.Retry;
import dev.stream.core.retry.RetryListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Ranges of a replica's object, each resumed at the byte where its stream broke. */
final class ReplicaObjectSource implements ByteRangeSource {

  private final Replica replica;
  private final Retry retry;
  private final ObjectKey key;
  private final long size;

  ReplicaObjectSource(Replica replica, Retry retry, ObjectKey key, long size) {
    this.replica = replica;
    this.retry = retry;
    this.key = key;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public byte[] read(long offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, (long) length, size);
    byte[] bytes = new byte[length];
    int done = 0;
    Retry.Attempts attempts = retry.attempts(RetryListener.SILENT);
    while (done < length) {
      int before = done;
      try (InputStream in = replica.open(key, offset + done, length - done)) {
        int read;
        while (done < length && (read = in.read(bytes, done, length - done)) >= 0) {
          done += read;
        }
        if (done < length) {
          throw endedEarly(offset + done, done > before);
        }
      } catch (ReplicaException e) {
        if (e.reason() == Reason.NOT_FOUND) {
          throw gone(e);
        }
        tryAgain(attempts, e, done > before);
      } catch (IOException e) {
        tryAgain(attempts, e, done > before);
      }
    }
    return bytes;
  }

  private static void tryAgain(Retry.Attempts attempts, IOException failure, boolean progressed)
      throws IOException {
    if (progressed) {
      attempts.progressed();
    }
    attempts.failed(failure);
  }

  /** A stream may end early because the connection did: only one without a byte is proof. */
  private ReplicaException endedEarly(long at, boolean progressed) {
    return progressed
        ? new ReplicaException(
            Reason.UNAVAILABLE, key + " on " + replica.name() + " stopped at byte " + at)
        : new ReplicaException(
            Reason.CONFLICT,
            key
                + " on "
                + replica.name()
                + " ends at byte "
                + at
                + ", though "
                + size
                + " bytes are listed; it was cut off or replaced");
  }

  private ReplicaException gone(ReplicaException cause) {
    return new ReplicaException(
        Reason.NOT_FOUND,
        key + " on " + replica.name() + " is listed but gone; something deleted it meanwhile",
        cause);
  }
}
