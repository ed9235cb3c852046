package dev.stream.it.throughput;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.core.StreamController;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.StreamConfig;
import dev.stream.it.Await;
import dev.stream.it.Shell;
import dev.stream.it.SqliteProcess;
import dev.stream.it.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A snapshot as Stream has made it of a database that does not compress.
 *
 * @param key where it is kept
 * @param file its bytes
 * @param database the database's bytes
 */
record StoredSnapshot(ObjectKey key, Path file, Path database) {

  /** Makes one of so many MiB. */
  static StoredSnapshot make(Path folder, int mebibytes) throws Exception {
    Path database = folder.resolve("app.db");
    Path replica = folder.resolve("made");
    try (SqliteProcess sqlite = new SqliteProcess(database)) {
      sqlite.run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE t(v);");
      sqlite.run(
          "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < "
              + mebibytes
              + ") INSERT INTO t SELECT randomblob(1044480) FROM c;");
    }
    StreamConfig config =
        StreamConfig.builder()
            .database("sqlite", Map.of("path", database))
            .shadowDir(folder.resolve("shadow"))
            .replica("file", Map.of("path", replica))
            .build();
    try (StreamController stream = StreamController.enable(config)) {
      stream.sync(Await.PATIENCE);
    }
    Shell.expect("rm", "-r", folder.resolve("shadow").toString());
    try (Replica store = Stores.open("file", Map.of("path", replica))) {
      ObjectKey key =
          new ReplicaArchive(store).list().newest().orElseThrow().snapshots().get(0).key();
      return new StoredSnapshot(key, replica.resolve(key.value()), database);
    }
  }

  long size() throws Exception {
    return Files.size(file);
  }
}
