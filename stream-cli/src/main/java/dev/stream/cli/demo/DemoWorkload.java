package dev.stream.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the demo's writer does: it keeps the orders of a small shop. */
final class DemoWorkload {

  private static final String[] CUSTOMERS = {"Ada", "Blaise", "Carl", "Dorothy", "Emmy", "Grace"};

  private final SqlProcess sql;
  private final Random random = new Random();
  private int transactions;

  DemoWorkload(SqlProcess sql) {
    this.sql = sql;
  }

  void create() throws IOException {
    sql.run(
        List.of(
            "PRAGMA busy_timeout=10000;",
            "PRAGMA journal_mode=WAL;",
            "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer TEXT, cents INTEGER, receipt"
                + " BLOB);",
            "CREATE INDEX orders_by_customer ON orders(customer, cents);"));
    for (int i = 0; i < 50; i++) {
      transaction();
    }
  }

  int transactions() {
    return transactions;
  }

  /** Commits some new orders, and at times a change or a cancellation. */
  void transaction() throws IOException {
    List<String> statements = new ArrayList<>();
    statements.add("BEGIN;");
    int orders = 1 + random.nextInt(4);
    for (int i = 0; i < orders; i++) {
      statements.add(
          "INSERT INTO orders(customer, cents, receipt) VALUES('"
              + CUSTOMERS[random.nextInt(CUSTOMERS.length)]
              + "', "
              + random.nextInt(100_000)
              + ", randomblob("
              + (100 + random.nextInt(4000))
              + "));");
    }
    if (random.nextInt(4) == 0) {
      statements.add(
          "UPDATE orders SET cents = cents + 1 WHERE id % 37 = " + random.nextInt(37) + ";");
    }
    if (random.nextInt(8) == 0) {
      statements.add("DELETE FROM orders WHERE id % 41 = " + random.nextInt(41) + ";");
    }
    statements.add("COMMIT;");
    sql.run(statements);
    transactions++;
  }

  void checkpoint() throws IOException {
    sql.run(List.of("PRAGMA wal_checkpoint;"));
  }

  void vacuum() throws IOException {
    sql.run(List.of("VACUUM;"));
    transactions++;
  }
}
