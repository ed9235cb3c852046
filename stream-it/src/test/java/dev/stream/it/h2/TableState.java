package dev.stream.it.h2;

import java.util.Map;

/**
 * All that is known of a writer's table at one moment.
 *
 * @param tally how many transactions the writer has counted in the database itself
 * @param total the sum of the rows' numbers, as the index on them has it
 */
record TableState(int tally, int rows, long total, long digest) {

  static TableState of(int tally, Map<Integer, Row> rows) {
    long total = 0;
    long digest = 0;
    for (Map.Entry<Integer, Row> row : rows.entrySet()) {
      total += row.getValue().n();
      digest += row.getValue().digest(row.getKey());
    }
    return new TableState(tally, rows.size(), total, digest);
  }
}
