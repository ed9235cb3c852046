package dev.stream.core.archive;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.artefact.ByteRun;
import dev.stream.core.retry.Retry;
import dev.stream.core.retry.RetryListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A range of a replica's object in one request, resumed at the byte where its stream broke. */
final class ReplicaObjectRun implements ByteRun {

  private final Replica replica;
  private final ObjectKey key;
  private final long size;
  private final long end;
  private final Retry.Attempts attempts;
  private long at;
  private @Nullable InputStream in;
  private boolean progressed;

  /**
   * A range that is yet to be asked for.
   *
   * @param size the object's length as listed
   */
  ReplicaObjectRun(
      Replica replica, Retry retry, ObjectKey key, long size, long offset, long length) {
    Objects.checkFromIndexSize(offset, /* size= */ length, /* length= */ size);
    this.replica = replica;
    this.key = key;
    this.size = size;
    this.at = offset;
    this.end = offset + length;
    this.attempts = retry.attempts(RetryListener.SILENT);
  }

  @Override
  public void read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(at, (long) length, end);
    int done = 0;
    while (done < length) {
      try {
        InputStream stream = in == null ? open() : in;
        int read = stream.read(target, offset + done, length - done);
        if (read < 0) {
          throw endedEarly();
        }
        done += read;
        at += read;
        progressed |= read > 0;
      } catch (ReplicaException e) {
        if (e.reason() == Reason.NOT_FOUND) {
          throw gone(e);
        }
        tryAgain(e);
      } catch (IOException e) {
        tryAgain(e);
      }
    }
  }

  private InputStream open() throws IOException {
    progressed = false;
    InputStream opened = replica.open(key, at, end - at);
    in = opened;
    return opened;
  }

  private void tryAgain(IOException failure) throws IOException {
    close();
    if (progressed) {
      attempts.progressed();
      progressed = false;
    }
    attempts.failed(failure);
  }

  /** A stream may end early because the connection did: only one without a byte is proof. */
  private ReplicaException endedEarly() {
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

  /** What fails in closing says nothing of the bytes that were read. */
  @Override
  public void close() {
    InputStream open = in;
    in = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // The next request shows whether the replica can be reached.
      }
    }
  }
}
