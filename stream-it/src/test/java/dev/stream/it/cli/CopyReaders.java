package dev.stream.it.cli;

import dev.stream.it.SqliteProcess;
import dev.stream.testkit.TestRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Processes of sqlite3 that read a copy all the time, and must never see anything but a committed
 * state, nor an older one than before. In each committed state the tally says what the entries are.
 */
final class CopyReaders implements AutoCloseable {

  /** The database that is copied. */
  static final String SCHEMA =
      """
      CREATE TABLE entries(id INTEGER PRIMARY KEY, x INTEGER, v BLOB);
      CREATE INDEX byx ON entries(x);
      CREATE TABLE tally(n INTEGER, entries INTEGER, sum INTEGER, bytes INTEGER);
      INSERT INTO tally VALUES(0, 0, 0, 0);
      WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 2000)
        INSERT INTO entries SELECT i, i, randomblob(3000) FROM c;
      UPDATE tally SET (entries, sum, bytes) =
        (SELECT count(*), sum(x), sum(length(v)) FROM entries);
      """;

  private static final String COUNTED =
      "SELECT count(*), ifnull(sum(x),0), ifnull(sum(length(v)),0) FROM entries";

  private static final String READ =
      "BEGIN; PRAGMA integrity_check; SELECT n, entries, sum, bytes FROM tally; "
          + COUNTED
          + "; COMMIT;";

  private final Path copy;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong changesSeen = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();

  CopyReaders(Path copy) {
    this.copy = copy;
  }

  /** What goes on beside. */
  interface Work {
    void run() throws Exception;
  }

  /** Goes on in a thread of its own, which has to end soon after {@link #stopping}. */
  void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                failure.compareAndSet(null, new AssertionError(name, e));
              }
            },
            name);
    threads.add(thread);
    thread.start();
  }

  /** One that keeps the copy open, and one that opens it anew each time. */
  void startReading() {
    start("reader that stays", this::readInOneProcess);
    start("reader that comes anew", this::readInFreshProcesses);
  }

  boolean stopping() {
    return stop.get();
  }

  boolean failed() {
    return failure.get() != null;
  }

  /** Stops all, and fails if one of them has. */
  void stop() {
    close();
    requireSound();
  }

  void requireSound() {
    if (failed()) {
      throw new AssertionError("seed " + TestRun.seed(), failure.get());
    }
  }

  /** How often the copy was read, and was another one than before. */
  String told() {
    if (changesSeen.get() == 0) {
      throw new AssertionError("no reader saw a change, in " + reads + " reads");
    }
    return "%d reads, all of committed states, %d times another one than before"
        .formatted(reads.get(), changesSeen.get());
  }

  /** A transaction that changes a few entries, or one in three. */
  static String transaction(Random random) {
    StringBuilder sql = new StringBuilder("BEGIN IMMEDIATE;");
    for (int i = 1 + random.nextInt(30); i > 0; i--) {
      sql.append(
          "INSERT INTO entries(x, v) VALUES(%d, randomblob(%d));"
              .formatted(random.nextInt(1_000_000), random.nextInt(6000)));
    }
    switch (random.nextInt(6)) {
      case 0 -> sql.append("DELETE FROM entries WHERE id < (SELECT max(id) - 2000 FROM entries);");
      case 1, 2 ->
          // Every other page or so: to write them all takes a while, in which to be killed.
          sql.append("UPDATE entries SET x = x + 1, v = randomblob(3000) WHERE id % 3 = 1;");
      default -> {}
    }
    return sql.append(counted()).toString();
  }

  /** Ends a transaction. */
  static String counted() {
    return "UPDATE tally SET n = n + 1, (entries, sum, bytes) = (" + COUNTED + "); COMMIT;";
  }

  private void readInOneProcess() throws Exception {
    long[] last = {-1};
    try (SqliteProcess reader = new SqliteProcess(copy)) {
      while (!stop.get()) {
        check(String.join("\n", reader.run(READ)) + "\n", last);
        Thread.sleep(2);
      }
    }
  }

  private void readInFreshProcesses() throws Exception {
    long[] last = {-1};
    while (!stop.get()) {
      check(one(copy, READ), last);
    }
  }

  private void check(String said, long[] last) {
    String[] lines = said.split("\n", -1);
    if (lines.length != 4 || !lines[0].equals("ok")) {
      throw new AssertionError("torn: " + said);
    }
    String[] tally = lines[1].split("\\|", 2);
    if (!tally[1].equals(lines[2])) {
      throw new AssertionError("no committed state: " + said);
    }
    long n = Long.parseLong(tally[0]);
    if (n < last[0]) {
      throw new AssertionError("went back from commit " + last[0] + " to " + n);
    }
    if (last[0] >= 0 && n > last[0]) {
      changesSeen.incrementAndGet();
    }
    last[0] = n;
    reads.incrementAndGet();
  }

  /** What a process of sqlite3 of its own says. */
  static String one(Path database, String sql) {
    try {
      Process process =
          new ProcessBuilder(
                  "sqlite3", "-batch", "-cmd", ".timeout 30000", database.toString(), sql)
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    stop.set(true);
    threads.forEach(CopyReaders::join);
    threads.clear();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
