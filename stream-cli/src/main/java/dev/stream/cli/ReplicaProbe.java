package dev.stream.cli;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.core.config.ReplicaConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Has a replica store, return, list and delete an object that is none of an archive's. */
final class ReplicaProbe {

  private static final int SIZE = 4096;

  private final Replica replica;
  private final ObjectKey key = new ObjectKey("stream-check/" + UUID.randomUUID());
  private final byte[] content = new byte[SIZE];

  private ReplicaProbe(Replica replica) {
    this.replica = replica;
    new Random().nextBytes(content);
  }

  /** Returns what was found, in words. */
  static String run(ReplicaConfig config) throws IOException {
    long startedAt = System.nanoTime();
    try (Replica replica = config.open()) {
      new ReplicaProbe(replica).roundTrip();
      long millis = (System.nanoTime() - startedAt) / 1_000_000;
      return replica.name() + " stores, returns, lists and deletes (" + millis + " ms)";
    }
  }

  private void roundTrip() throws IOException {
    try {
      replica.put(key, new Body(content));
      try (InputStream stream = replica.open(key, 0, SIZE)) {
        if (!Arrays.equals(content, stream.readAllBytes())) {
          throw new IOException(replica.name() + " returns other bytes than it was given");
        }
      }
      if (!isListed()) {
        throw new IOException(replica.name() + " does not list an object that it has stored");
      }
    } catch (IOException e) {
      try {
        replica.delete(List.of(key));
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    replica.delete(List.of(key));
    if (isListed()) {
      throw new IOException(
          replica.name() + " still lists " + key + " after deleting it; retention would not work");
    }
  }

  private boolean isListed() throws IOException {
    try (ObjectListing listing = replica.list(key.value())) {
      return listing.hasNext() && listing.next().key().equals(key);
    }
  }

  private static final class Body implements ObjectBody {

    private final byte[] bytes;

    Body(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }
}
