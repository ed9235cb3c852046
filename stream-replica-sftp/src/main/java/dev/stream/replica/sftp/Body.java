package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;

/** The content of an object, which must have the size it announces. For one thread. */
final class Body implements AutoCloseable {

  private final ObjectKey key;
  private final long size;
  private final InputStream in;
  private long position;

  private Body(ObjectKey key, long size, InputStream in) {
    this.key = key;
    this.size = size;
    this.in = in;
  }

  static Body open(ObjectKey key, ObjectBody body) throws ReplicaException {
    try {
      return new Body(key, body.size(), body.open());
    } catch (IOException e) {
      throw failed(key, e);
    }
  }

  /**
   * Fills a chunk, the last one as far as there is content.
   *
   * @return how much it holds; 0 at the end
   */
  int next(byte[] chunk) throws ReplicaException {
    int count = read(chunk, (int) Math.min(chunk.length, size - position));
    position += count;
    if (count < chunk.length && position < size) {
      throw wrongSize("only " + position + " of");
    }
    if (position == size && count < chunk.length && read(new byte[1], 1) > 0) {
      throw wrongSize("more than");
    }
    return count;
  }

  private int read(byte[] chunk, int length) throws ReplicaException {
    try {
      return in.readNBytes(chunk, 0, length);
    } catch (IOException e) {
      throw failed(key, e);
    }
  }

  /** Told apart from the replica's own failures, which are about another machine. */
  private static ReplicaException failed(ObjectKey key, IOException e) {
    return new ReplicaException(
        Reason.UNAVAILABLE, "cannot store " + key + ": reading its content failed: " + e, e);
  }

  private ReplicaException wrongSize(String found) {
    return new ReplicaException(
        Reason.REJECTED,
        "cannot store " + key + ": its content has " + found + " " + size + " bytes");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
