package dev.stream.it.h2;

import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection that changes a table of its own, by seed, and keeps in Java what the table must
 * hold. For one thread.
 */
final class SqlWriter {

  static final String SCHEMA = "CREATE TABLE IF NOT EXISTS tally(w INT PRIMARY KEY, n INT)";

  private final Random random;
  private final int number;
  private final boolean writtenAtCommit;
  private final StateLog<TableState> log = new StateLog<>(TableState.of(0, Map.of()));

  private Map<Integer, Row> committed = new HashMap<>();
  private Map<Integer, Row> rows = new HashMap<>();
  private int tally;
  private int nextId;
  private int statementsLeft;
  private boolean index;
  private @Nullable Connection connection;

  private static final ReentrantLock CHANGING = new ReentrantLock();

  /**
   * @param writtenAtCommit whether a commit that returned is in the file
   */
  SqlWriter(Random random, int number, boolean writtenAtCommit) {
    this.random = random;
    this.number = number;
    this.writtenAtCommit = writtenAtCommit;
  }

  StateLog<TableState> log() {
    return log;
  }

  int number() {
    return number;
  }

  void create(Connection setUp) throws SQLException {
    try (Statement statement = setUp.createStatement()) {
      statement.execute(
          "CREATE TABLE t%d(id INT PRIMARY KEY, n INT, v VARCHAR, b BLOB)".formatted(number));
      statement.execute("INSERT INTO tally VALUES(%d, 0)".formatted(number));
    }
  }

  /** Goes on with a connection, which the caller closes. */
  void use(Connection next) throws SQLException {
    connection = next;
    next.setAutoCommit(false);
  }

  /** One statement, or the end of a transaction, or a change of the schema between two. */
  void step() throws SQLException {
    if (statementsLeft == 0) {
      if (random.nextInt(6) == 0) {
        between();
        return;
      }
      statementsLeft = 1 + random.nextInt(6);
    }
    if (--statementsLeft > 0) {
      change();
    } else {
      end();
    }
  }

  /** Ends what is under way. */
  void finish() throws SQLException {
    while (statementsLeft > 0) {
      step();
    }
  }

  private void change() throws SQLException {
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> insert(1 + random.nextInt(8), 1 + random.nextInt(200));
      case 3 -> insert(1, 10_000 + random.nextInt(60_000));
      case 4 -> update();
      case 5 -> delete(2 + random.nextInt(6));
      case 6 -> merge();
      case 7 -> savepoint();
      default -> insert(60, 100);
    }
    if (rows.size() > 150) {
      delete(2);
    }
  }

  private void insert(int count, int size) throws SQLException {
    try (PreparedStatement insert = prepare("INSERT INTO t%d(id, n, v, b) VALUES(?, ?, ?, ?)")) {
      for (int i = 0; i < count; i++) {
        int id = nextId++;
        Row row = row(size);
        bind(insert, id, row);
        insert.executeUpdate();
        rows.put(id, row);
      }
    }
  }

  private static void bind(PreparedStatement statement, int id, Row row) throws SQLException {
    statement.setInt(1, id);
    statement.setInt(2, row.n());
    statement.setString(3, row.text());
    byte[] data = row.data();
    if (data == null) {
      statement.setNull(4, java.sql.Types.BLOB);
    } else {
      statement.setBinaryStream(4, new ByteArrayInputStream(data), data.length);
    }
  }

  private Row row(int size) {
    byte[] data = null;
    if (random.nextInt(3) > 0) {
      data = new byte[size];
      random.nextBytes(data);
    }
    String text = Long.toString(random.nextLong(), 36).repeat(1 + size / 40 % 20);
    return new Row(random.nextInt(1000), text, data);
  }

  private void update() throws SQLException {
    int by = 1 + random.nextInt(5);
    try (PreparedStatement update = prepare("UPDATE t%d SET n = n + ? WHERE MOD(id, ?) = 0")) {
      update.setInt(1, by);
      update.setInt(2, by);
      update.executeUpdate();
    }
    rows.replaceAll(
        (id, row) -> id % by == 0 ? new Row(row.n() + by, row.text(), row.data()) : row);
  }

  private void delete(int oneIn) throws SQLException {
    int which = random.nextInt(oneIn);
    try (PreparedStatement delete = prepare("DELETE FROM t%d WHERE MOD(id, ?) = ?")) {
      delete.setInt(1, oneIn);
      delete.setInt(2, which);
      delete.executeUpdate();
    }
    rows.keySet().removeIf(id -> id % oneIn == which);
  }

  private void merge() throws SQLException {
    try (PreparedStatement merge = prepare("MERGE INTO t%d(id, n, v, b) VALUES(?, ?, ?, ?)")) {
      for (int i = 0; i < 3; i++) {
        int id = random.nextInt(nextId + 1);
        nextId = Math.max(nextId, id + 1);
        Row row = row(50);
        bind(merge, id, row);
        merge.executeUpdate();
        rows.put(id, row);
      }
    }
  }

  private void savepoint() throws SQLException {
    Savepoint savepoint = connection().setSavepoint();
    Map<Integer, Row> before = new HashMap<>(rows);
    insert(3, 300);
    update();
    if (random.nextBoolean()) {
      connection().rollback(savepoint);
      rows = before;
    } else {
      connection().releaseSavepoint(savepoint);
    }
  }

  private void end() throws SQLException {
    if (random.nextInt(5) == 0) {
      connection().rollback();
      rows = new HashMap<>(committed);
      return;
    }
    try (Statement statement = connection().createStatement()) {
      statement.executeUpdate("UPDATE tally SET n = n + 1 WHERE w = " + number);
    }
    tally++;
    commit();
  }

  private void commit() throws SQLException {
    log.begin(TableState.of(tally, rows));
    connection().commit();
    committed = new HashMap<>(rows);
    if (writtenAtCommit) {
      log.acknowledge();
    }
  }

  /** What H2 commits by itself; nothing else is under way. */
  /** One at a time: two at once can lock each other out in H2, without Stream too. */
  private void between() throws SQLException {
    CHANGING.lock();
    try {
      changeSchema();
    } finally {
      CHANGING.unlock();
    }
  }

  private void changeSchema() throws SQLException {
    switch (random.nextInt(8)) {
      case 0 -> execute(index ? "DROP INDEX i%d" : "CREATE INDEX i%d ON t%d(n)");
      case 1 ->
          execute(
              "ALTER TABLE t%d ADD COLUMN IF NOT EXISTS more VARCHAR DEFAULT 'x'",
              "ALTER TABLE t%d DROP COLUMN IF EXISTS more");
      case 2 -> truncate();
      case 3 ->
          execute(
              "CREATE TABLE s%d AS SELECT x, RANDOM_UUID() u FROM SYSTEM_RANGE(1, 500)",
              "DROP TABLE s%d");
      case 4 -> execute("CREATE SEQUENCE IF NOT EXISTS q%d", "ALTER SEQUENCE q%d RESTART WITH 5");
      case 5 -> {
        execute("CHECKPOINT SYNC");
        log.acknowledge();
      }
      default -> execute("CHECKPOINT");
    }
  }

  private void truncate() throws SQLException {
    if (random.nextInt(3) > 0) {
      return;
    }
    log.begin(TableState.of(tally, Map.of()));
    execute("TRUNCATE TABLE t%d");
    rows.clear();
    committed.clear();
    if (writtenAtCommit) {
      log.acknowledge();
    }
  }

  private void execute(String... commands) throws SQLException {
    List<String> all = new ArrayList<>();
    for (String command : commands) {
      all.add(command.replace("%d", Integer.toString(number)));
    }
    try (Statement statement = connection().createStatement()) {
      for (String command : all) {
        statement.execute(command);
        if (command.contains("INDEX")) {
          index = command.startsWith("CREATE");
        }
      }
    }
    connection().commit();
  }

  private PreparedStatement prepare(String command) throws SQLException {
    return connection().prepareStatement(command.replace("%d", Integer.toString(number)));
  }

  private Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("writer " + number + " has no connection");
    }
    return connection;
  }
}
