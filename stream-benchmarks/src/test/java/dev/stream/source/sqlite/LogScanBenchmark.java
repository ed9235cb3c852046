package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One operation reads and proves a log of 1,000 small commits, and finds the newest frames. */
@State(Scope.Thread)
public class LogScanBenchmark {

  private final LogScan scan = new LogScan();
  private Path folder;
  private Connection writer;
  private WalFile wal;
  private LogPosition start;
  private long frames;

  /** Has SQLite write the log. */
  @Setup(Level.Trial)
  public void write() throws IOException, SQLException {
    folder = Files.createTempDirectory("scan");
    Path database = folder.resolve("app.db");
    Files.createFile(database);
    writer = Connections.open(database);
    try (Statement sql = writer.createStatement()) {
      sql.execute("PRAGMA journal_mode=WAL");
      sql.execute("PRAGMA wal_autocheckpoint=0");
      sql.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)");
      for (int i = 0; i < 1000; i++) {
        sql.execute("INSERT INTO t(v) VALUES('some payload of a small transaction " + i + "')");
      }
    }
    wal = WalFile.open(WalFile.path(database));
    start = LogPosition.startOf(Objects.requireNonNull(wal.header()), 1);
    frames = scan.read(wal, start, Long.MAX_VALUE, Long.MAX_VALUE).end().frames();
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void remove() throws IOException, SQLException {
    wal.close();
    writer.close();
    Files.delete(folder.resolve("app.db"));
    Files.delete(folder);
  }

  /** Reads a log of 1,000 commits. */
  @Benchmark
  public long[] thousandCommits() throws IOException {
    CommitRun run = scan.read(wal, start, frames, Long.MAX_VALUE);
    return run.newestPerPage();
  }
}
