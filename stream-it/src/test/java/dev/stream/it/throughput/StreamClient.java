package dev.stream.it.throughput;

import dev.stream.api.replica.Replica;
import dev.stream.core.archive.FileBody;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.it.Restores;
import dev.stream.it.Shell;
import dev.stream.it.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What Stream does with the same bytes. */
final class StreamClient implements AutoCloseable {

  /** As the restorer does it by default. */
  private static final int PARALLELISM = 8;

  private static final int RANGE = 2 << 20;

  private final Replica replica;
  private final StoredSnapshot snapshot;
  private final Path folder;
  private Path restored;

  StreamClient(String type, Map<String, Object> config, StoredSnapshot snapshot, Path folder)
      throws IOException {
    this.replica = Stores.open(type, config);
    this.snapshot = snapshot;
    this.folder = folder;
  }

  /** Stores the snapshot, as an uploader does. */
  void put() throws IOException {
    new ReplicaArchive(replica).put(snapshot.key(), FileBody.of(snapshot.file()));
  }

  /** Reads it once in ranges, several at a time, and throws the bytes away. */
  void readRanges() throws Exception {
    long size = snapshot.size();
    ExecutorService threads = Executors.newFixedThreadPool(PARALLELISM);
    try (ByteRangeSource source = new ReplicaArchive(replica).source(snapshot.key(), size)) {
      List<Future<byte[]>> ranges = new ArrayList<>();
      for (long offset = 0; offset < size; offset += RANGE) {
        long from = offset;
        int length = (int) Math.min(RANGE, size - offset);
        ranges.add(threads.submit(() -> source.read(from, length)));
        if (ranges.size() > 2 * PARALLELISM) {
          ranges.remove(0).get();
        }
      }
      for (Future<byte[]> range : ranges) {
        range.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Restores the database with all its proofs. */
  void restore() throws IOException {
    restored = new Restores(replica, folder).restoreAsUsual().path();
  }

  /** Compares what was restored last with the database, and deletes it. */
  void proveRestored() throws IOException {
    Shell.expect("cmp", snapshot.database().toString(), restored.toString());
    Files.delete(restored);
  }

  void remove() throws IOException {
    replica.delete(List.of(snapshot.key()));
  }

  @Override
  public void close() throws IOException {
    replica.close();
  }
}
