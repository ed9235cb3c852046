package dev.stream.it;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What one of two writers does, by seed. A step commits at most once.
 *
 * <p>Each transaction that changes rows also counts itself in two tables, and notes how far it saw
 * the other writer. So a state of the database can be judged without knowing the order of commits:
 * see {@link Invariants}. For one thread.
 */
public final class RandomSql {

  public static final String SCHEMA =
      """
      CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB);
      CREATE INDEX i ON t(v);
      CREATE TABLE journal(writer INT, n INT, seen INT, PRIMARY KEY(writer, n));
      CREATE TABLE tally(writer INTEGER PRIMARY KEY, n INT);
      INSERT INTO tally VALUES(0, 0), (1, 0);
      INSERT INTO t(v) VALUES('first');
      """;

  private static final List<String> CHECKPOINTS = List.of("PASSIVE", "FULL", "RESTART", "TRUNCATE");

  private final Random random;
  private final Deque<String> planned = new ArrayDeque<>();
  private final int writer;
  private final int pageSize;
  private int count;
  private int tables;
  private int vacuumOneIn = 1;

  RandomSql(Random random, int writer, int pageSize) {
    this.random = random;
    this.writer = writer;
    this.pageSize = pageSize;
  }

  /** Goes on after so many transactions of this writer were committed. */
  RandomSql goOnAfter(int committed) {
    count = committed;
    planned.clear();
    return this;
  }

  /** Makes the step that writes the whole database rarer than the others. */
  RandomSql vacuumRarely() {
    vacuumOneIn = 20;
    return this;
  }

  /** A few settings of a writer's own. */
  String settings() {
    List<Integer> checkpoints = List.of(0, 5, 100, 1000);
    return "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint="
        + checkpoints.get(random.nextInt(checkpoints.size()))
        + ";";
  }

  String step() {
    if (planned.isEmpty() && random.nextInt(12) == 0) {
      // Shrinks the file and grows it again, mostly before anybody has cut it off at its new end.
      planned.add(transaction("INSERT INTO t(v) VALUES(randomblob(" + 30 * pageSize + ")); "));
      planned.add(transaction("DELETE FROM t WHERE id % 4 > 0 OR length(v) > 9999; "));
      planned.add("VACUUM;");
      planned.add(transaction(gone(20 * pageSize)));
    }
    return planned.isEmpty() ? anyStep() : planned.remove();
  }

  private String anyStep() {
    return switch (random.nextInt(16)) {
      case 0 -> random.nextInt(vacuumOneIn) == 0 ? "VACUUM;" : transaction(change());
      case 1 -> "PRAGMA incremental_vacuum(" + (1 + random.nextInt(20)) + ");";
      case 2 -> checkpoint();
      case 3 -> "PRAGMA auto_vacuum=" + (1 + random.nextInt(2)) + ";";
      case 4 -> "BEGIN IMMEDIATE; " + change() + change() + "ROLLBACK;";
      case 5 ->
          // Spills to the log, and is rolled back after that: the next one overwrites its frames.
          "PRAGMA cache_size=5; BEGIN IMMEDIATE; "
              + blobs(700, 2)
              + "ROLLBACK; PRAGMA cache_size=-2000;";
      case 6 ->
          // Spills, and rewrites its own frames before it commits.
          "PRAGMA cache_size=5; "
              + transaction(blobs(700, 2) + blobs(600, 3))
              + " PRAGMA cache_size=-2000;";
      default -> transaction(change() + (random.nextBoolean() ? change() : ""));
    };
  }

  private String checkpoint() {
    // Some of them wait for readers, and Stream is one: they may give up soon, but not fail.
    return ".timeout 20\nPRAGMA wal_checkpoint("
        + CHECKPOINTS.get(random.nextInt(CHECKPOINTS.size()))
        + ");\n.timeout 30000";
  }

  private String transaction(String body) {
    count++;
    return String.format(
        Locale.ROOT,
        "BEGIN IMMEDIATE; %1$sINSERT INTO journal SELECT %2$d, %3$d, n FROM tally WHERE writer=%4$d;"
            + " UPDATE tally SET n=n+1 WHERE writer=%2$d; COMMIT;",
        body,
        writer,
        count,
        1 - writer);
  }

  private String change() {
    return switch (random.nextInt(9)) {
      case 0 -> "DELETE FROM t WHERE id % 3 = " + random.nextInt(3) + "; ";
      case 1 -> blobs(300, 5);
      case 2 -> "INSERT INTO t(v) VALUES(zeroblob(" + manyPages() + ")); ";
      case 3 -> "INSERT INTO t(v) VALUES(randomblob(" + manyPages() + ")); ";
      case 4 ->
          "SAVEPOINT s; "
              + blobs(400, 2)
              + "DELETE FROM t WHERE id % 2 = 0; "
              + "ROLLBACK TO s; INSERT INTO t(v) VALUES(randomblob(50)); RELEASE s; ";
      case 5 -> gone(manyPages());
      case 6 -> {
        // The other writer knows nothing of this writer's tables.
        String table = "own" + writer + "_" + tables / 2;
        yield tables++ % 2 == 0
            ? "DROP TABLE IF EXISTS "
                + table
                + "; CREATE TABLE "
                + table
                + "(a UNIQUE, b); INSERT INTO "
                + table
                + " SELECT id, randomblob(40) FROM t; "
            : "DROP TABLE IF EXISTS " + table + "; ";
      }
      case 7 -> "REINDEX i; INSERT INTO t(v) VALUES(randomblob(20)); ";
      default -> "INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(2_000) + ")); ";
    };
  }

  /** A table that comes and goes: grows the file by free pages. */
  private static String gone(int length) {
    return "CREATE TABLE gone(v); INSERT INTO gone VALUES(randomblob("
        + length
        + ")); DROP TABLE gone; ";
  }

  private String blobs(int length, int oneIn) {
    return "UPDATE t SET v = randomblob(%d) WHERE id %% %d = %d; "
        .formatted(length, oneIn, random.nextInt(oneIn));
  }

  private int manyPages() {
    return random.nextInt(Math.min(12 * pageSize + 8_000, 150_000));
  }

  /** Steps to be handed over in one go. */
  List<String> steps(int many) {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      steps.add(step());
    }
    return steps;
  }
}
