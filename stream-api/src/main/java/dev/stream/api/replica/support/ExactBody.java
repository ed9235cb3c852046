package dev.stream.api.replica.support;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The content of an object on its way to the store. It yields the last bytes only when it is
 * certain that there are exactly as many as announced, so that a store which keeps what is complete
 * never has all bytes of a wrong body. For one thread; only {@link #failure} may be asked by
 * another one.
 *
 * <p>Whatever goes wrong with the content is a {@link ReplicaException}, which tells it from the
 * failures of the store: as {@link Reason#REJECTED} where it has another size, as {@link
 * Reason#UNAVAILABLE} where it cannot be read.
 */
public final class ExactBody extends InputStream {

  private final String key;
  private final long size;
  private final InputStream in;
  private long position;
  private volatile @Nullable ReplicaException failure;

  private ExactBody(String key, ObjectBody body) throws IOException {
    this.key = key;
    this.size = body.size();
    this.in = body.open();
  }

  /**
   * Opens the content. An empty one is checked here, because nobody may read it.
   *
   * @param key the object's name, for messages
   * @throws ReplicaException if the content cannot be read, or is announced as empty and is not
   */
  public static ExactBody open(String key, ObjectBody body) throws ReplicaException {
    ExactBody opened;
    try {
      opened = new ExactBody(key, body);
    } catch (IOException | RuntimeException e) {
      throw unreadable(key, e);
    }
    if (opened.size == 0) {
      try {
        opened.checkEnd();
      } catch (IOException | RuntimeException e) {
        try (opened) {
          throw opened.failed(e);
        }
      }
    }
    return opened;
  }

  /** What went wrong with the content, for clients that hide it; null if nothing did so far. */
  public @Nullable ReplicaException failure() {
    return failure;
  }

  @Override
  public int read() throws ReplicaException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws ReplicaException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0 || position == size) {
      return length == 0 ? 0 : -1;
    }
    try {
      int count = in.read(target, offset, (int) Math.min(length, size - position));
      if (count < 0) {
        throw wrongSize("only " + position + " of");
      }
      position += count;
      checkEnd();
      return count;
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    }
  }

  /** Passes over so many bytes, as many of which must be there. */
  @Override
  public void skipNBytes(long count) throws ReplicaException {
    try {
      in.skipNBytes(count);
      position += count;
    } catch (EOFException e) {
      throw failed(wrongSize("fewer than"));
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    }
  }

  private void checkEnd() throws IOException {
    if (position == size && in.read() >= 0) {
      throw wrongSize("more than");
    }
  }

  private ReplicaException failed(Exception cause) {
    ReplicaException typed =
        cause instanceof ReplicaException already ? already : unreadable(key, cause);
    failure = typed;
    return typed;
  }

  private static ReplicaException unreadable(String key, Exception cause) {
    return new ReplicaException(
        Reason.UNAVAILABLE,
        "cannot store " + key + ": reading its content failed: " + cause,
        cause);
  }

  private ReplicaException wrongSize(String found) {
    return new ReplicaException(
        Reason.REJECTED,
        "cannot store " + key + ": its content has " + found + " the " + size + " bytes announced");
  }

  @Override
  public void close() throws ReplicaException {
    try {
      in.close();
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    }
  }
}
