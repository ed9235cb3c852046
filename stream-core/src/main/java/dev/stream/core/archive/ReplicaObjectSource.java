package dev.stream.core.archive;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.ByteRun;
import dev.stream.core.retry.Retry;
import java.io.IOException;

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
    try (ByteRun run = run(offset, length)) {
      byte[] bytes = new byte[length];
      run.read(bytes, 0, length);
      return bytes;
    }
  }

  @Override
  public ByteRun run(long offset, long length) {
    return new ReplicaObjectRun(replica, retry, key, size, offset, length);
  }
}
